"""The design of a study and the kind of a work, by publication types, headings and the words of the title.

Publication types are those of the U.S. National Library of Medicine (MeSH tree V). The most telling type
decides; where none tells, as in records that are not indexed yet, the title and the methods do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from consilium.domain.evidence import SourceKind

_BOTH = "systematic review and meta-analysis"
# From the most to the least telling. What says that a work reports no evidence of its own comes before what it
# would be evidence of: a protocol of a trial is typed as both.
_TYPES: tuple[tuple[str, str], ...] = (
    ("retraction of publication", "retraction notice"),
    ("retraction notice", "retraction notice"),
    ("expression of concern", "expression of concern"),
    ("published erratum", "erratum"),
    ("clinical trial protocol", "trial protocol"),
    ("clinical trial, veterinary", "veterinary trial"),
    ("randomized controlled trial, veterinary", "veterinary trial"),
    ("observational study, veterinary", "veterinary study"),
    ("practice guideline", "practice guideline"),
    ("guideline", "guideline"),
    ("consensus development conference, nih", "consensus statement"),
    ("consensus development conference", "consensus statement"),
    ("consensus statement", "consensus statement"),
    ("network meta-analysis", "network meta-analysis"),
    ("meta-analysis", "meta-analysis"),
    ("systematic review", "systematic review"),
    ("scoping review", "scoping review"),
    ("equivalence trial", "randomised trial"),
    ("pragmatic clinical trial", "pragmatic trial"),
    ("adaptive clinical trial", "adaptive trial"),
    ("randomized controlled trial", "randomised trial"),
    ("controlled clinical trial", "controlled trial"),
    ("clinical trial, phase iv", "phase 4 trial"),
    ("clinical trial, phase iii", "phase 3 trial"),
    ("clinical trial, phase ii", "phase 2 trial"),
    ("clinical trial, phase i", "phase 1 trial"),
    ("clinical trial", "clinical trial"),
    ("observational study", "observational study"),
    ("validation study", "validation study"),
    ("validation studies", "validation study"),
    ("twin study", "twin study"),
    ("case reports", "case report"),
    ("review", "review"),
    ("evaluation study", "evaluation study"),
    ("evaluation studies", "evaluation study"),
    ("editorial", "editorial"),
    ("letter", "letter"),
    ("comment", "comment"),
    ("news", "news report"),
    ("newspaper article", "news report"),
    ("patient education handout", "patient information"),
    ("interview", "interview"),
    ("biography", "biography"),
    ("historical article", "historical article"),
    ("lecture", "lecture"),
    ("congress", "congress report"),
)
_RANKS = {name: (rank, design) for rank, (name, design) in enumerate(_TYPES)}
_PLAIN = "journal article"
# Designs that words may make more exact, or that say little.
_OPEN = frozenset(
    {_PLAIN, "review", "observational study", "evaluation study", "validation study", "preprint"}
)
_GUIDELINES = frozenset({"practice guideline", "guideline", "consensus statement"})

_R = r"randomi[sz]ed"
# What a title says of the design, the first that holds.
_TITLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (design, re.compile(pattern, re.IGNORECASE))
    for design, pattern in (
        (
            "review protocol",
            r"protocol (?:for|of) (?:a|an|the) .*review|(?:review|meta-analysis):? (?:a )?protocol",
        ),
        (
            "trial protocol",
            r"(?:trial|study) protocol|protocol (?:for|of) (?:a|an|the)\b|: (?:a )?protocol\b|rationale and (?:study )?design",
        ),
        ("network meta-analysis", r"network meta-?analys[ei]s"),
        ("overview of systematic reviews", r"umbrella review|overview of (?:systematic )?reviews"),
        (
            _BOTH,
            r"systematic (?:literature )?review (?:and|with) (?:\w+ ){0,3}?meta-?analys[ei]s|meta-?analys[ei]s and systematic",
        ),
        ("meta-analysis", r"meta-?analys[ei]s"),
        ("systematic review", r"systematic(?:al)? (?:literature |evidence )?review"),
        ("scoping review", r"scoping review"),
        ("Mendelian randomisation study", r"mendelian randomi[sz]ation"),
        (
            "secondary analysis of a randomised trial",
            rf"(?:secondary|post[- ]?hoc|exploratory|subgroup|pooled) (?:\w+ )?analys[ei]s .*(?:{_R}|trial)",
        ),
        ("quasi-experimental study", rf"non-?{_R}|quasi-?experiment"),
        ("randomised trial", rf"\b{_R}\b(?! trials\b)|\brandomi[sz]ed (?:controlled )?trial\b"),
        ("case-control study", r"case-?control"),
        ("cohort study", r"\bcohorts?\b"),
        ("cross-sectional study", r"cross-?sectional"),
        ("diagnostic accuracy study", r"diagnostic (?:test )?accuracy"),
        ("case series", r"case series"),
        ("case report", r"case report|a case of|report of (?:a|one|two|three) cases?"),
        ("observational study", r"observational (?:\w+ )?study"),
        ("controlled trial", r"double-?blind|placebo-?controlled|controlled trial"),
        ("clinical trial", r"phase (?:i|1|2|3|4|ii|iii|iv)[ab]?\b.*(?:trial|study)|clinical trial"),
    )
)
# Without one of these a title says nothing of the design; to look for them is quicker than all of the above.
_CUES = (
    "protocol", "analys", "review", "random", "quasi", "case", "cohort", "cross", "diagnostic", "observational",
    "blind", "controlled", "trial", "rationale",
)  # fmt: skip
# A body's guideline names itself so at its beginning or after a colon; studies of guidelines do not.
_ISSUED = re.compile(
    r"(?:^|: )(?:an? |the )?(?:\d{4} )?(?:[A-Z][A-Za-z]*[A-Z/][\w/-]* |[Uu]pdated |[Cc]linical |[Pp]ractice |[Ee]vidence-[Bb]ased "
    r"|[Jj]oint |[Ii]nternational |[Nn]ational |[Ee]uropean )*(?:[Pp]ractice )?[Gg]uidelines?(?: update)?"
    r" (?:for|on|from|by) (?:the )?(?!use in)"
)
_ASSIGNED = re.compile(
    r"\b[Rr]andomly (?:assigned|allocated|divided|received)\b|\b(?:assigned|allocated|divided) (?:randomly|at random)\b"
    r"|\b(?:were|was) (?:[a-z]+ )?randomi[sz]ed\b|\b[Rr]andomi[sz]ed (?:to|into)\b"
    r"|\b[Rr]andomi[sz]ed,? (?:[A-Za-z-]+,? ){0,5}(?:trial|study|design|crossover)\b"
)
# Headings that the library gives to the studies themselves.
_HEADINGS = (
    ("case-control study", "Case-Control Studies"),
    ("cohort study", "Cohort Studies"),
    ("cross-sectional study", "Cross-Sectional Studies"),
    ("observational study", "Retrospective Studies"),
)


def design_of(
    types: Iterable[str], title: str, methods: Callable[[], str], headings: Iterable[str] = ()
) -> str:
    """The design of a work.

    Args:
        types: its publication types.
        title: its title.
        methods: gives what it says of its methods, where that is asked for.
        headings: its MeSH descriptors.
    """
    names = {name.strip().lower() for name in types}
    design = _typed(names)
    if design in _OPEN:
        design = _worded(design, title, methods, frozenset(headings))
    if "preprint" in names and design != "preprint":
        design = "preprint" if design == _PLAIN else f"{design} (preprint)"
    return design


def kind_of(design: str) -> SourceKind:
    """The kind of a work of this design."""
    return SourceKind.GUIDELINE if design in _GUIDELINES else SourceKind.STUDY


def _typed(names: set[str]) -> str:
    if {"meta-analysis", "systematic review"} <= names and "network meta-analysis" not in names:
        told = _BOTH
        return next((d for n, d in _TYPES[:13] if n in names), told)
    ranked = min((_RANKS[name] for name in names if name in _RANKS), default=None)
    return ranked[1] if ranked else _PLAIN


def _worded(design: str, title: str, methods: Callable[[], str], headings: frozenset[str]) -> str:
    lowered = title.lower()
    if "guideline" in lowered and _ISSUED.search(title) and design in {_PLAIN, "review"}:
        return "guideline"
    if any(cue in lowered for cue in _CUES):
        for worded, pattern in _TITLES:
            if pattern.search(title):
                return worded
    animals = "Animals" in headings and "Humans" not in headings
    if design == _PLAIN and not animals and _ASSIGNED.search(methods()):
        return "randomised trial"
    if design in {_PLAIN, "observational study"}:
        return next((named for named, heading in _HEADINGS if heading in headings), design)
    return design
