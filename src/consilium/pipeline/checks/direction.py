"""Which way a claim points: more or less, better or worse, before or after, start or stop."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from consilium.pipeline.checks.alignment import Saying, closest, saying
from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.wording import Wording

_MORE = (
    r"increas\w*|rais(?:e|es|ed|ing)|ris(?:e|es|ing|en)|rose|higher|highest|greater|greatest|more"
    r"|elevat\w*|gain(?:s|ed)?|longer|longest|larger"
    r"|largest|commoner|prolong\w*|boost\w*|enhanc\w*|upregulat\w*|promot\w*|augment\w*|accelerat\w*"
    r"|heavier|faster|induc(?:e|es|ed)|activat(?:e|es|ed)|stimulat(?:e|es|ed)"
    r"|stronger|doubl(?:ed|es|ing)|tripl(?:ed|es|ing)|older|bigger|excess|surpass\w*|exceed\w*|oftener"
    r"|positive(?:ly)?|high|long|early|gained|upper|widen\w*|extend(?:s|ed)?|expand(?:s|ed)?"
)
_LESS = (
    r"decreas\w*|reduc\w*|lower(?:s|ed|ing)?|lowest|less|least|fewer|fewest|fall(?:ing|en)|falls? (?=by|to|below|from)|fell"
    r"|drop(?:s|ped)?|declin\w*|cut(?:s|ting)?|shorter|shortest|shorten\w*"
    r"|smaller|smallest|diminish\w*|attenuat\w*|suppress\w*|inhibit(?:s|ed|ing|ion)?|downregulat\w*"
    r"|halv(?:e|es|ed|ing)|lessen\w*|rarer|lighter|slower|weaker|weaken\w*|younger"
    r"|impair\w*|depress(?:es|ed)|minimi\w*|block(?:s|ed)?|negative(?:ly)?|low|short|late|lost|narrow\w*"
    r"|abrogat\w*|deplet\w*"
)
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|halved|doubled"
_GOOD = (
    r"improv\w*|better|best|benefi\w*|effective(?:ly)?|superior\w*|favou?r(?:s|ed|able|ably)?|helpful"
    r"|helps?|protect(?:s|ed|ive)?|safer?"
)
_BAD = (
    r"wors\w*|poor(?:er|ly)?|harm(?:s|ed|ful)?|ineffective|inferior\w*|unfavou?rable|unhelpful"
    r"|detriment\w*|deteriorat\w*|hinder\w*|unsafe|dangerous|risky"
)
_SENSES = {
    "more": re.compile(rf"\b(?:{_MORE})\b(?!\s?\d[\d.]*\b(?!\s?\()|[ -]than (?:\d|{_NUMBERS})|-grade|-dose|-energy)"),
    "less": re.compile(rf"\b(?:{_LESS})\b(?!\s?\d[\d.]*\b(?!\s?\()|[ -]than (?:\d|{_NUMBERS})|-grade|-dose|-energy)"),
    "better": re.compile(rf"\b(?:{_GOOD})\b"),
    "worse": re.compile(rf"\b(?:{_BAD})\b"),
    "before": re.compile(
        r"\b(?:before|beforehand|prior to|preced\w+|ahead of|previous(?:ly)?|pre-?(?=operative|treatment"
        r"|natal|term))"
    ),
    "after": re.compile(
        r"\b(?:after|afterwards|following|subsequent(?:ly)?|post-?(?=operative|treatment|natal|term"
        r"|partum))"
    ),
    "start": re.compile(
        r"\b(?:start(?:s|ed|ing)?|begin(?:s|ning)?|begun|initiat\w*|commenc\w*|restart\w*|continu(?:e|es"
        r"|ed|ing)|keep(?:ing)?)\b"
    ),
    "stop": re.compile(
        r"\b(?:stop(?:s|ped|ping)?|discontinu\w*|ceas(?:e|es|ed|ing)|withdraw\w*|withhold\w*|halt\w*"
        r"|suspend\w*|interrupt\w*|avoid\w*)\b"
    ),
}  # fmt: skip
# Verbs that say nothing but a way: where the sentences tell none, the claim has made it up.
_VERBS = re.compile(
    r"(?:increas|decreas|reduc|rais|lower(?:s|ed|ing)|promot|inhibit|improv|worsen|enhanc|suppress"
    r"|attenuat|prolong|shorten|diminish)\w*$"
)
_OPPOSITE = {
    "more": "less", "less": "more", "better": "worse", "worse": "better", "before": "after", "after": "before", "start": "stop",
    "stop": "start",
}  # fmt: skip
# Comparisons of amounts are the business of their own check.
_PLAIN = re.compile(
    r"\bat (?:least|most)\b|\bmore or less\b|\bor (?:more|less|fewer|longer|older|younger|higher|greater"
    r"|lower)\b(?! than)|\bno (?:more|less|fewer) than\b"
)
_RATIO = re.compile(
    r"(?:(?<=\()or(?= \d)|\b(?:rr|hr|irr|ahr|aor|(?:hazard|odds|risk|rate) ratio|relative risk))(?:(?: of"
    r"| was|:|,| =| \([a-z]+\))? |[^.;,()\d]{1,90} (?:was|were|of) )(\d+\.\d+)"
)
_PAIR = re.compile(
    r"(\d+(?:\.\d+)?)\s?%?(?:\s\([^()]*\))?\s(?:v|vs|versus|against|compared with)\.?\s(\d+(?:\.\d+)?)"
)


def faults(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """Where a claim points the other way than the words of its sentences about the same."""
    theirs = [made for said in cited for made in _sayings(said)]
    numbered = [made for said in cited for made in _numbered(said)]
    named = _named(claim, frozenset().union(*(said.concepts for said in cited)))
    mine = list(_sayings(claim, named))
    yield from _turned(mine, theirs)
    for here in mine:
        both = {here.sense, _OPPOSITE[here.sense]}
        about = [there for there in theirs if there.sense in both] or [n for n in numbered if n.sense in both]
        same = [there for there in about if there.sense == here.sense]
        other = [there for there in about if there.sense != here.sense]
        if not about and _VERBS.match(here.words):
            yield Fault(
                Reason.DIRECTION, f"No cited sentence says which way, as the claim does with “{here.words}”."
            )
        if other and (not same or closest(here, other) > closest(here, same)):
            yield Fault(
                Reason.DIRECTION,
                f"The claim says “{here.words}” where the source says “{_nearest(here, other).words}”.",
            )


def _turned(mine: Sequence[Saying], theirs: Sequence[Saying]) -> Iterator[Fault]:
    """More sayings of one way than the sentences have, and fewer of the other."""
    now, was = Counter(s.sense for s in mine), Counter(s.sense for s in theirs)
    for sense, other in _OPPOSITE.items():
        if was[other] > now[other] and now[sense] > was[sense] > 0:
            yield Fault(Reason.DIRECTION, f"The claim says “{sense}” where the source says “{other}”.")


def _named(claim: Wording, known: frozenset[str]) -> frozenset[int]:
    """The words of longer names that the sentences have too, in whatever words: "high blood pressure"."""
    names = [m for m in claim.mentions if m.concept in known and " " in m.words]
    return frozenset(n for n, w in enumerate(claim.words) if any(m.start <= w.start < m.end for m in names))


def _nearest(here: Saying, others: Sequence[Saying]) -> Saying:
    return max(others, key=here.closeness)


def _sayings(said: Wording, named: frozenset[int] = frozenset()) -> Iterator[Saying]:
    plain = named.union(n for first, after, _ in said.matches(_PLAIN) for n in range(first, after))
    for sense, pattern in _SENSES.items():
        for first, after, _ in said.matches(pattern):
            if first not in plain:
                yield saying(said, first, after, sense)


def _numbered(said: Wording) -> Iterator[Saying]:
    """What numbers say of the way: a ratio below one, the first of two arms above the second."""
    for first, after, words in said.matches(_RATIO):
        value = float(words.split()[-1])
        if value != 1:
            yield saying(said, first, after, "less" if value < 1 else "more")
    for first, after, words in said.matches(_PAIR):
        found = _PAIR.match(words)
        if found and float(found[1]) != float(found[2]):
            yield saying(said, first, after, "less" if float(found[1]) < float(found[2]) else "more")
