"""Whether a revision keeps the contract, as it is worded for every audience."""

from __future__ import annotations

from consilium.adapters.contract.check import check_worded
from consilium.site.articles import knowledge
from consilium.site.articles.models import Revision


def faults_of(revision: Revision) -> list[str]:
    """Every breach of the contract by what is kept of a revision, in words; empty where it is sound."""
    found = check_worded(revision.document, revision.renderings, knowledge.world().lexicon)
    return list(dict.fromkeys(found))
