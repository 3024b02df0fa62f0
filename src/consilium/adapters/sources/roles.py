"""What the parts of an abstract or article do, as their labels tell."""

from __future__ import annotations

import re
from functools import lru_cache

from consilium.domain.role import Role

# What the National Library of Medicine sorts the labels of abstracts into (NlmCategory).
_CATEGORIES = {
    "BACKGROUND": Role.BACKGROUND,
    "OBJECTIVE": Role.AIM,
    "METHODS": Role.METHODS,
    "RESULTS": Role.RESULTS,
    "CONCLUSIONS": Role.CONCLUSION,
}
# The first that matches a part of a label tells its role. Registration and funding say nothing of what
# was found either, so they stand with methods.
_LABELS = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.BACKGROUND, r"^summary of|background|^what is (already )?known|state of (the art|knowledge)"),
        (Role.OTHER, r"limitation"),
        (Role.RECOMMENDATION, r"recommendation|^practice points?|action statements?|guideline statements?"),
        (
            Role.CONCLUSION,
            r"conclu|interpretation|implication|significance|relevance|^key (points?|messages?)|take.?home"
            r"|bottom line|this (study|paper|review|article) adds|^comments?$",
        ),
        (
            Role.METHODS,
            r"outcomes? (measure|variable)|(measures?|method) of|type of|regist|funding|approach|identif"
            r"|level of evidence|classification of|supplementary|key ?words?|blinding",
        ),
        (
            Role.RESULTS,
            r"result|finding|synthesis|^cases?( |$)|clinical (presentation|course)|observations?$|efficacy|safety"
            r"|^(main )?outcomes?$",
        ),
        (
            Role.METHODS,
            r"method|design|setting|patient|participant|subject|population|sampl|intervention|measure|outcome"
            r"|material|procedure|data|selection|strategy|criteria|eligib|exposure|equipment|animal|statisti"
            r"|analys[ei]s|randomi|trial (status|number)|sponsor|protocol|techni|variable|acquisition|endpoint"
            r"|review$|experiment|ethic|location|duration|treatment|assessment|follow.?up|search|source|site",
        ),
        (
            Role.AIM,
            r"^(main |primary |study |specific )*(objectives?|objects?|aims?|purposes?|goals?|hypothes[ie]s)",
        ),
        (Role.AIM, r"question|objectives?$"),
        (Role.BACKGROUND, r"introduction|context|rationale|importance|problem|review of|burden"),
    )
)
_PARTS = re.compile(r"\s*(?:/|,|;|&|\band\b|\bwith\b)\s*")
_NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[ivx]+\.)\s+")
_DISCUSSED = "discussion"


@lru_cache(maxsize=4096)
def roles_of(label: str, category: str | None = None, *, full_text: bool = False) -> tuple[Role, ...]:
    """The roles that a label names, in its order; none where it names none.

    Args:
        label: a label of an abstract or a heading.
        category: what the National Library of Medicine sorted it into.
        full_text: whether it is a heading of full text, where a discussion also tells what others found.
    """
    plain = _NUMBERED.sub("", label.strip().lower().strip(" .:")).replace("(s)", "s")
    found: dict[Role, None] = {}
    for part in _PARTS.split(plain):
        if part.startswith(_DISCUSSED):
            found[Role.OTHER if full_text else Role.CONCLUSION] = None
            continue
        role = next((role for role, pattern in _LABELS if pattern.search(part)), None)
        if role is not None:
            found[role] = None
    if not found and category in _CATEGORIES:
        return (_CATEGORIES[category],)
    return tuple(found)
