"""Everything that one question asks outside: one client, one budget, and a pace for each service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from consilium.adapters.outside.cache import Cache
from consilium.adapters.outside.client import Client
from consilium.adapters.outside.crossref import Crossref
from consilium.adapters.outside.europepmc import EuropePmc
from consilium.adapters.outside.eutilities import EUtilities
from consilium.adapters.outside.pace import Pace
from consilium.adapters.outside.services import Services

# NCBI: 3 a second for an address, 10 with a key (E-utilities, "Usage Guidelines and Requirements"). The others
# state no lower one, and are asked no faster than NCBI without a key.
_SLOW, _WITH_KEY = 3, 10


@dataclass(frozen=True, slots=True)
class Outside:
    """The services, asked for one question within one budget."""

    client: Client
    pubmed: EUtilities
    europepmc: EuropePmc
    crossref: Crossref


def outside(
    services: Services, folder: Path, seconds: float, client: Callable[..., Client] = Client
) -> Outside:
    """Make ready to ask, without asking yet.

    Args:
        folder: the library folder, where answers are kept and all processes see who is asking.
        seconds: for everything that this question asks outside.
    """
    place = folder / "outside"
    asking = client(seconds, cache=Cache(place / "answers"), own=services.own)
    a_second = _WITH_KEY if services.key else _SLOW
    return Outside(
        asking,
        EUtilities(asking, services.ncbi, Pace(place / "ncbi", a_second), services.email, services.key),
        EuropePmc(asking, services.europepmc, Pace(place / "europepmc", _SLOW)),
        Crossref(asking, services.crossref, Pace(place / "crossref", _SLOW), services.email),
    )
