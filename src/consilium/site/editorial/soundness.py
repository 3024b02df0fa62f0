"""Whether a revision keeps the contract, as it is worded for every audience."""

from __future__ import annotations

from typing import Any

from consilium.adapters.contract.check import check
from consilium.site.articles import knowledge
from consilium.site.articles.models import Revision


def faults_of(revision: Revision) -> list[str]:
    """Every breach of the contract by what is kept of a revision, in words; empty where it is sound."""
    return faults_in(revision.document, revision.renderings)


def faults_in(document: dict[str, Any], renderings: dict[str, Any]) -> list[str]:
    """Every breach of the contract by a document with each of its wordings, in words."""
    lexicon = knowledge.world().lexicon
    worded = [{**document, "review": None, "rendering": rendering} for rendering in renderings.values()]
    return list(dict.fromkeys(fault for one in worded or [document] for fault in check(one, lexicon)))
