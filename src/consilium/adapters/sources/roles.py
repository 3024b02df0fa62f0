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
_Table = tuple[tuple[Role, re.Pattern[str]], ...]


def _table(*rows: tuple[Role, str]) -> _Table:
    return tuple((role, re.compile(pattern)) for role, pattern in rows)


# The first that matches a part of a label tells its role. Registration and funding say nothing of what
# was found either, so they stand with methods.
_LABELS = _table(
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
        r"outcomes? (measure|variable)|(measures?|method) of|type of|regist|funding|level of evidence"
        r"|classification of|supplementary|key ?words?|blinding",
    ),
    (
        Role.RESULTS,
        r"result|finding|synthesis|^cases?( |$)|clinical (presentation|course)|observations?$|efficacy|safety"
        r"|^(main )?outcomes?$",
    ),
    (
        Role.METHODS,
        r"method|design|setting|patient|participant|subject|sampl|intervention|measure|outcome|material|procedure"
        r"|data (source|collection|extraction|analysis)|selection|strategy|criteria|eligib|exposure|equipment|animal"
        r"|statisti|analys[ei]s|randomi|trial (status|number)|sponsor|protocol|variable|acquisition|endpoint",
    ),
    (
        Role.AIM,
        r"^(main |primary |study |specific )*(objectives?|objects?|aims?|purposes?|goals?|hypothes[ie]s)",
    ),
    (Role.AIM, r"question|objectives?$"),
    (Role.BACKGROUND, r"introduction|context|rationale|importance"),
)
# What says less than the category that the library sorted a label into.
_WEAK = _table(
    (
        Role.METHODS,
        r"population|data|techni|approach|identif|review$|experiment|ethic|location|duration|treatment|assessment"
        r"|follow.?up|search|source|site",
    ),
    (Role.BACKGROUND, r"problem|review of|burden"),
)
# Headings of full text are often those of the subject ("Treatment of mild disease"), so fewer are taken.
_HEADINGS = _table(
    (Role.OTHER, r"^(strengths|limitation)"),
    (Role.RECOMMENDATION, r"recommendations?$|^(key |summary of )?recommendations?\b|^practice points?"),
    (Role.CONCLUSION, r"^(conclu|key (points?|messages?))|conclusions?$|^implications?\b|^summary$"),
    (Role.RESULTS, r"\bresults?\b|\bfindings?\b|^outcomes?$"),
    (
        Role.METHODS,
        r"\bmethods?\b|^methodology|^statistical|^data (source|collection|extraction|analys)|^search strateg"
        r"|^(inclusion|exclusion|eligibility|selection) |^study (design|selection|population|setting|participants)"
        r"|^(design|setting|participants|subjects|patients|materials|interventions?|sample( size)?|procedures?|measures"
        r"|outcome measures?|randomi[sz]ation|blinding|recruitment|ethics)$",
    ),
    (Role.AIM, r"^(aims?|objectives?|purpose|hypothes[ie]s)\b"),
    (Role.BACKGROUND, r"^(introduction|background|rationale|context)\b"),
)
_MATTER = re.compile(
    r"(?:[\d.]+\s+)?(?:conflicts? of interests?|(?:declaration of )?competing interests?|declarations?\b"
    r"|authors?['’]*s? (?:contributions?|information|notes?)|contributors?\b|pre-?publication history|acknowledge?ments?"
    r"|funding(?:$|[:/.]| sources?| statement)|(?:list of )?abbreviations?(?: used)?$|support(?:ing|ive) information"
    r"|(?:electronic )?supplement(?:ary|al)\b|additional (?:files?|information)|endnotes?$|financial (?:support|disclosures?)"
    r"|disclosures?(?: statement)?$|ethic(?:s|al) (?:statement|approval|considerations?|and)|ethics$|consent (?:for|to) pub"
    r"|data availab|availability of (?:data|supporting)|trial status|erratum$|appendi(?:x|ces)\b|references?$|provenance\b"
    r"|role of (?:the )?(?:funding|funder|sponsor))",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*(?:/|,|;|&|\band\b)\s*")
_NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[ivx]+\.)\s+")
_DISCUSSED = "discussion"


@lru_cache(maxsize=4096)
def roles_of(label: str, category: str | None = None) -> tuple[Role, ...]:
    """The roles that a label of an abstract names, in its order; none where it names none.

    Args:
        label: the label.
        category: what the National Library of Medicine sorted it into.
    """
    parts = _parts_of(label)
    told = [Role.CONCLUSION if part.startswith(_DISCUSSED) else _first(_LABELS, part) for part in parts]
    if not any(told) and category in _CATEGORIES:
        return (_CATEGORIES[category],)
    if not any(told):
        told = [_first(_WEAK, part) for part in parts]
    return tuple(dict.fromkeys(role for role in told if role))


@lru_cache(maxsize=4096)
def role_under(heading: str) -> Role | None:
    """What the text under a heading of full text does; None where the heading does not say.

    A discussion also tells what others found, so it is neither results nor a conclusion.
    """
    told = [
        Role.OTHER if part.startswith(_DISCUSSED) else _first(_HEADINGS, part) for part in _parts_of(heading)
    ]
    named = [role for role in told if role]
    return next((role for role in named if role.may_be_cited), named[0] if named else None)


def is_matter(heading: str) -> bool:
    """Whether what stands under a heading is about the article itself: interests, contributions, funding."""
    return _MATTER.match(heading) is not None


def _parts_of(label: str) -> list[str]:
    plain = _NUMBERED.sub("", label.strip().lower().strip(" .:")).replace("(s)", "s")
    return _PARTS.split(plain)


def _first(table: _Table, part: str) -> Role | None:
    return next((role for role, pattern in table if pattern.search(part)), None)
