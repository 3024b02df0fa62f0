"""Read which way a sentence says that an outcome went, by rules that anybody can follow.

It serves the evaluation only: nothing in an answer depends on it. How often it reads rightly is measured on the
spans that annotators marked (``consilium evaluate effects``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from consilium.lexicon.normalise import tokens


class Way(StrEnum):
    """Which way an outcome went under an intervention, beside what it was compared with."""

    MORE = "significantly increased"
    LESS = "significantly decreased"
    SAME = "no significant difference"

    @property
    def opposite(self) -> Way | None:
        """The other way."""
        return {Way.MORE: Way.LESS, Way.LESS: Way.MORE}.get(self)


_MORE = r"increas\w*|higher|greater|more(?! than one)|longer|elevat\w*|rais\w*|rose|rises?|gain\w*|larger|exceed\w*|enhanc\w*|accelerat\w*|faster|stronger|augment\w*|prolong\w*|heavier|taller|upregulat\w*|promot\w*"
_LESS = r"decreas\w*|reduc\w*|lower\w*|less|fewer|shorter|shorten\w*|declin\w*|fell|falls?|diminish\w*|attenuat\w*|suppress\w*|smaller|prevent\w*|drop\w*|inhibit\w*|lessen\w*|slower|weaker|loss|lost|minimi[sz]\w*|reliev\w*|alleviat\w*|earlier|protect\w*|blunt\w*"
_BETTER = r"improv\w*|better|superior\w*|effective\w*|efficacious|benefi\w*|favou?r\w*|success\w*|advantage\w*|help\w*"
_WORSE = r"wors\w*|inferior\w*|poorer|deteriorat\w*|impair\w*|less effective"
_SIGN = r"(?:statistically |clinically )?(?:significant(?:ly)? )?"
_SAME = re.compile(
    rf"\bno (?:\w+ ){{0,4}}?(?:differ\w*|effects?|changes?|improvements?|reductions?|increases?|decreases?|benefits?|associations?|evidence|"
    rf"influence|impact|advantage|interactions?|variations?|superiority|correlations?)\b|"
    rf"\b(?:not|n't|nor|neither|cannot|failed to|without|did not|never) (?:\w+[ ,]+){{0,6}}?(?:{_SIGN})?(?:differ\w*|affect\w*|chang\w*|improv\w*|reduc\w*|increas\w*|decreas\w*|"
    rf"superior|effective|associated|influenc\w*|alter\w*|benefi\w*|lower\w*|higher|better|significan\w*|more|less|prevent\w*|enhanc\w*|"
    rf"rais\w*|prolong\w*|shorten\w*|worse\w*|impact\w*|modif\w*|have an effect|greater|inferior|result in|lead to|reach\w*|show)\b|"
    r"\b(?:similar(?:ly)?|comparable|equivalent|equal(?:ly)?|identical|unchanged|unaffected|non-?inferior\w*|non-?significan\w*|insignificant\w*|"
    r"the same|indistinguishable|as effective as|no (?:more|less|better|greater|higher|lower)|little (?:effect|difference)|ineffective|n\.?s\.?\b|constant|stable)\b",
    re.IGNORECASE,
)
_DIFFERS = {
    Way.MORE: re.compile(rf"\b(?:{_MORE})\b", re.IGNORECASE),
    Way.LESS: re.compile(rf"\b(?:{_LESS})\b", re.IGNORECASE),
}
_GOOD = re.compile(rf"\b(?:{_BETTER})\b", re.IGNORECASE)
_BAD = re.compile(rf"\b(?:{_WORSE})\b", re.IGNORECASE)
# Outcomes of which less is better; an improvement of any other is more of it.
_ILLS = re.compile(
    r"\b(?:pain|symptom\w*|depress\w*|anxi\w*|mortality|deaths?|die[ds]?|risk|incidence|relapse\w*|recurren\w*|infection\w*|bleeding|blood loss|complication\w*|"
    r"adverse|side effects?|nausea|vomiting|fatigue|stress|distress|disability|severity|fever|cough|weight|bmi|body mass|fat|cholesterol|ldl|triglycerides?|glucose|"
    r"hba1c|insulin|blood pressure|systolic|diastolic|crp|c-reactive|inflammat\w*|tnf\w*|il-?\d+\w*|interleukin|failure|falls?|fractures?|diarrh\w*|wheez\w*|attack\w*|"
    r"seizure\w*|migraine|headache\w*|insomnia|latency|time to|duration|length of stay|hospitali\w*|admission\w*|cost\w*|errors?|injur\w*|ulcer\w*|wound|"
    r"smok\w*|drinking|alcohol|cigarettes?|craving|viral load|parasit\w*|anaemia|anemia|malaria|stroke|infarct\w*|events?|exacerbation\w*|dropout|burden|score|scale|"
    r"impairment|problems?|delirium|discomfort|itch\w*|pruritus|dyspn\w*|edema|oedema|swelling|scar\w*|caries|plaque|hypotension|hypertension|toxicit\w*)\b",
    re.IGNORECASE,
)
_GOODS = re.compile(
    r"\b(?:quality of life|functi\w*|abilit\w*|survival|satisfaction|adherence|knowledge|self-efficacy|wellbeing|well-being|performance)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r";|(?:,|\.)? (?:but|whereas|while|although|though|however|except|despite|yet|on the other hand|in contrast)\b|,? and (?=(?:the )?(?:\w+ ){1,5}(?:was|were|did|had|is|are)\b)",
    re.IGNORECASE,
)
_THAN = re.compile(
    r"\b(?:than(?: (?:those |that |the |did |patients |in ))*|compared (?:with|to)|in comparison (?:with|to)|relative to|versus|vs\.?|over)\b",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"\b(?:placebo|controls?|usual care|standard care|sham|no treatment|untreated|vehicle|comparison group|conventional)\b",
    re.IGNORECASE,
)
_NOT_SIGNIFICANT = re.compile(r"\bp ?[=>] ?0?\.(?:0[6-9]|[1-9])\d*", re.IGNORECASE)
_SIGNIFICANT = re.compile(r"\bp ?[<=≤] ?0?\.0[0-5]\d*", re.IGNORECASE)
_TAKEN_BACK = re.compile(
    r"\b(?:not|n't|no|nor|without|fail\w*)\b.{0,50}\b(?:significan\w*|differ\w*)|\bdid not\b|\bnon-?significan\w*",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"(?<![\w.±])(\d+(?:\.\d+)?)(?: ?[%\w/]{0,8})?(?: ?(?:±|\+/-) ?[\d.]+)?(?: ?\w{0,8})? (?:in|for|among|with|on) (?:the )?([^\d,;]{3,50}?)"
    r"(?: group)?,? (?:and|vs\.?|versus|compared (?:with|to)|while|but) (\d+(?:\.\d+)?)(?: ?[%\w/]{0,8})?(?: ?(?:±|\+/-) ?[\d.]+)?(?: ?\w{0,8})? "
    r"(?:in|for|among|with|on) (?:the )?([^\d,;]{3,50})",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\bno (?:\w+ ){0,3}(?:between[- ]groups?|group|intergroup) (?:differ\w*|effects?)|\bno (?:\w+ ){0,3}differ\w* between (?:the )?(?:two |three )?(?:groups?|arms?)",
    re.IGNORECASE,
)
_AT_FIRST = re.compile(r"\bat (?:baseline|entry|the start)\b", re.IGNORECASE)
_SMALLER = re.compile(r"less(?:er)?|smaller|lower|fewer|slower|weaker", re.IGNORECASE)
_SHORT = 11  # words of a clause that only takes back what stands before it
_OF_IT = 24  # letters between "greater" and the "reduction" that it speaks of
_STOP = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "in",
        "to",
        "and",
        "or",
        "with",
        "for",
        "on",
        "at",
        "by",
        "from",
        "group",
        "patients",
        "treatment",
        "effect",
        "rate",
        "level",
        "score",
        "after",
        "during",
        "mean",
        "total",
    ]
)
_LEAST = 0.34


def way_of(sentence: str, *, intervention: str, comparator: str, outcome: str) -> Way | None:
    """Which way a sentence says that an outcome went; None where it does not say, or not of this outcome."""
    sentence = re.sub(r"\b(?:HR)?Q[oO]L\b", "quality of life", " ".join(sentence.split()))
    wanted = _content(outcome)
    if _SAME.search(sentence) and _BETWEEN.search(sentence) and _share(wanted, sentence) >= _LEAST:
        return Way.SAME
    short = {word for word in re.findall(r"\(([A-Za-z][\w-]{1,9})\)", outcome) if word in sentence}
    if short:  # a long name with its short form is met by that
        wanted, outcome = _content(" ".join(short)), " ".join(short)
    clauses = [part for part in _CLAUSE.split(sentence) if part.strip()]
    shares = [_share(wanted, part) for part in clauses]
    if max(shares, default=0.0) < _LEAST and _share(wanted, sentence) < _LEAST:
        return None
    at = max(range(len(clauses)), key=lambda one: shares[one])
    after = clauses[at + 1] if at + 1 < len(clauses) else ""
    if _TAKEN_BACK.search(after) and len(after.split()) <= _SHORT and _share(wanted, after) == 0:
        return Way.SAME
    names = intervention, comparator, outcome
    return _read(clauses[at], *names) or _read(sentence, *names)


def _read(text: str, intervention: str, comparator: str, outcome: str) -> Way | None:
    if _SAME.search(text) and not _AT_FIRST.search(text):
        return Way.SAME
    by_chance = bool(_NOT_SIGNIFICANT.search(text)) and not _SIGNIFICANT.search(text)
    found = _nearest(text, outcome)
    if by_chance:
        return Way.SAME
    if found is None:
        return _by_figures(text, intervention, comparator)
    way, at = found
    return way.opposite if _turned(text, at, intervention, comparator) else way


def _by_figures(text: str, intervention: str, comparator: str) -> Way | None:
    """Which way two figures point: "3.3 min in the one group and 12.7 min in the other"."""
    treated, other = (
        _content(intervention) - _content(comparator),
        _content(comparator) - _content(intervention),
    )
    match = _FIGURES.search(text)
    if not match or (not re.search(r"\bsignifican", text, re.IGNORECASE) and not _SIGNIFICANT.search(text)):
        return None
    one, two = float(match[1]), float(match[3])
    mine = _share(treated, match[2]), _share(treated, match[4])
    theirs = (
        max(_share(other, match[2]), float(bool(_CONTROL.search(match[2])))),
        max(_share(other, match[4]), float(bool(_CONTROL.search(match[4])))),
    )
    if one == two or mine[0] + theirs[1] == mine[1] + theirs[0]:
        return None
    treated_first = mine[0] + theirs[1] > mine[1] + theirs[0]
    return Way.MORE if (one > two) is treated_first else Way.LESS


def _nearest(text: str, outcome: str) -> tuple[Way, int] | None:
    """The word of direction that stands nearest to the outcome, and where."""
    places = [m.start() for word in _content(outcome) for m in re.finditer(re.escape(word[:5]), text.lower())]
    good = Way.LESS if _ILLS.search(outcome) and not _GOODS.search(outcome) else Way.MORE
    rules = (
        (_DIFFERS[Way.MORE], Way.MORE),
        (_DIFFERS[Way.LESS], Way.LESS),
        (_GOOD, good),
        (_BAD, good.opposite),
    )
    cues = sorted(
        (m.start(), m.end(), way)
        for cue, way in rules
        for m in cue.finditer(text)
        if way and m.group().lower()[:5] not in outcome.lower()
    )
    found: list[tuple[int, Way]] = []
    for place, (start, end, way) in enumerate(cues):
        after = cues[place + 1] if place + 1 < len(cues) else None
        if after and after[0] - end <= _OF_IT and not re.search(r"[,;]|\band\b", text[end : after[0]]):
            continue  # "a greater reduction" is a reduction
        before = cues[place - 1] if place else None
        less = (
            before is not None
            and start - before[1] <= _OF_IT
            and _SMALLER.fullmatch(text[before[0] : before[1]])
        )
        turned = way.opposite if less and not re.search(r"[,;]|\band\b", text[before[1] : start]) else way  # type: ignore[index]
        if turned:
            found.append((start, turned))
    if not found:
        return None
    at, way = min(found, key=lambda one: min((abs(one[0] - place) for place in places), default=one[0]))
    return way, at


def _turned(text: str, at: int, intervention: str, comparator: str) -> bool:
    """Whether the sentence speaks of what was compared with: "pain was higher on placebo than on the drug"."""
    where = re.match(r"[^,;]{0,40}?\b(?:in|among|for|with|by|on|of) (?:the )?([^,;(\[{]{2,60})", text[at:])
    treated, other = (
        _content(intervention) - _content(comparator),
        _content(comparator) - _content(intervention),
    )
    if where and not _THAN.search(where.group()):
        mine, theirs = (
            _share(treated, where[1]),
            max(_share(other, where[1]), float(bool(_CONTROL.match(where[1])))),
        )
        if mine != theirs:
            return theirs > mine
    than = _THAN.search(text, at) or _THAN.search(text)
    if than:
        after, before = text[than.end() :], text[: than.start()]
        mine, theirs = _share(treated, after), max(_share(other, after), bool(_CONTROL.search(after[:60])))
        if mine > theirs and (_share(other, before) > 0 or _CONTROL.search(before)):
            return True
        if theirs:
            return False
    head = text[max(0, at - 60) : at + 90]
    return (
        bool(_CONTROL.search(head) or _share(other, head) >= 0.5) and not _share(treated, head) and not than
    )


def _content(text: str) -> frozenset[str]:
    return frozenset(
        token.folded for token in tokens(text) if len(token.folded) > 1 and token.folded not in _STOP
    )


def _share(words: Iterable[str], text: str) -> float:
    words = list(words)
    if not words:
        return 0.0
    there = {token.folded for token in tokens(text)}
    return sum(
        word in there or any(len(word) > 5 and w.startswith(word[:5]) for w in there) for word in words
    ) / len(words)
