"""The services outside that are asked for evidence: where they are, who asks, and when; needs no package."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
EUROPE_PMC = "https://www.ebi.ac.uk/europepmc/webservices/rest/"
CROSSREF = "https://api.crossref.org/"


class When(StrEnum):
    """When a question is asked of PubMed beside the library."""

    NEVER = "never"
    ABSTAINING = "abstaining"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Services:
    """Where the services are, by the settings.

    Attributes:
        email: of the operator, for NCBI and Crossref to write to before they shut anybody out.
        key: NCBI's, of the operator.
        own: those addresses of the three that the operator has set; they may be in a private network.
    """

    ncbi: str = NCBI
    europepmc: str = EUROPE_PMC
    crossref: str = CROSSREF
    email: str | None = None
    key: str | None = None

    @property
    def own(self) -> tuple[str, ...]:
        """The endpoints of the operator's own."""
        stated = (self.ncbi, self.europepmc, self.crossref)
        return tuple(
            here for here, known in zip(stated, (NCBI, EUROPE_PMC, CROSSREF), strict=True) if here != known
        )
