"""The library that answers come from, and the places for which it holds guidance."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from consilium import wiring
from consilium.pipeline.answer import World

# Fewer sources of one country make no answer for that country.
_ENOUGH = 2
_NO_PLACE = "Not stated"
Generations = tuple[tuple[str, int], ...]


@lru_cache(maxsize=1)
def _worlds() -> wiring.Kept:
    return wiring.Kept(writes=True)


def world() -> World:
    """The core's world over the library as it is now, though another process may have added to it."""
    return _worlds()()


def jurisdictions() -> frozenset[str]:
    """Every jurisdiction of a source, as the sources write it."""
    return _jurisdictions(_generations())


def places() -> tuple[str, ...]:
    """The countries, and groups of them, for which the library holds guidance, by name."""
    return _places(_generations())


def _generations() -> Generations:
    return tuple(sorted(world().library.generations().items()))


# Counted once for each state of the library.
@lru_cache(maxsize=1)
def _jurisdictions(_: Generations) -> frozenset[str]:
    return frozenset(work.jurisdiction for work in world().library.sources() if work.jurisdiction)


@lru_cache(maxsize=1)
def _places(_: Generations) -> tuple[str, ...]:
    works = world().library.sources()
    held = Counter(work.jurisdiction for work in works if work.issues_advice and work.jurisdiction)
    named = (name for name, count in held.items() if count >= _ENOUGH)
    return tuple(sorted(name for name in named if name != _NO_PLACE and "/" not in name))
