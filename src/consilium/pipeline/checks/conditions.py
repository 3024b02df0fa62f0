"""What a sentence holds only on conditions: "unless", "only if", "in patients with", its topic before the colon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.wording import Word, Wording

_PEOPLE = (
    r"(?:adults?|patients?|people|persons?|children|child|women|men|those|infants?|adolescents?"
    r"|individuals|girls|boys|babies|neonates"
    r"|anyone|someone|everyone|newborns?|inpatients|outpatients)"
)
_TOPIC = re.compile(
    r"^(?:(?:in|for|among|with|after|during|before|on|at|from|of) [^,:;.]{3,150}[,:] "
    r"|[^,:;.()]{3,150}(?:\([^()]*\)[^,:;.()]*)?: )"
)
# "GINA 2025:" says who says it, not when it holds.
_ISSUER = re.compile(r"(?:[\w/()-]+ ){0,3}(?:19|20)\d\d(?: \([^()]*\))?[:,] ")
_CUE = re.compile(
    rf"\b(?:only (?:if|when|after|for|in|where)|unless|except|provided|as long as|until|if|when|where"
    rf"|whenever|once"
    rf"|(?:in|for|among) (?:[\w-]+ ){{0,3}}{_PEOPLE}\b|{_PEOPLE} (?=with\b|who\b|whose\b|aged\b|at\b|on\b"
    rf"|under\b|over\b|without\b))\b"
)
_EXCEPTION = re.compile(r"unless|except|provided|until|only")
_EXCEPTS = re.compile(
    r"\b(?:unless|except\w*|provided|until|only|other than|apart from|exclud\w*|if|when|not|without"
    r"|sole(?:ly)?|reserve\w*|exclusively|alone|still|before|while)\b"
)
_ONLY = re.compile(
    r"\bonly\b|\bsole(?:ly)?\b|\bexclusively\b|\bnot (?:otherwise|before)\b|\breserve\w*\b|\bno(?:t"
    r"|ne)?\b[^.;]*\bunless\b|\balone\b|\bjust\b|\bno(?:t)? (?:more|other)\b"
)
_IFS = re.compile(
    r"\b(?:only (?:if|when|where|after)|if|when|whenever|unless|where|provided|once|until|except|in case"
    r"|only|while|still)\b"
)
_LOOSE = re.compile(r"\b(?:with|who|whose|without|for|in|after|at|despite)\b")
# "Overall or in adults": one of several, no condition.
_OR = re.compile(r"\b(?:or|and) $")
_END = re.compile(r"[,;:()]|\.(?=\s|$)|\s-\s|\bbut\b|\bthen\b")
# Enough of the rest that the claim is about it, and too little of the condition that it is still there.
_ABOUT, _KEPT, _WHOLE, _MINE = 0.5, 0.34, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a sentence: its words, those of the rest of its segment, and which of these stand before it."""

    words: str
    inside: tuple[Word, ...]
    rest: tuple[Word, ...]
    before: tuple[Word, ...]


def faults(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """Conditions of the sentences that a claim leaves out."""
    mine = claim.keys | frozenset(word.stem for word in claim.words)
    yield from _fewer(claim, cited, mine)
    for said in cited:
        for condition in _conditions(said):
            gone = _share(condition.inside, mine) <= _KEPT
            unsaid = bool(_EXCEPTION.match(condition.words)) and not _EXCEPTS.search(claim.text)
            about = (
                max(_share(condition.rest, mine), _share(condition.before, mine)) >= _ABOUT
                and _from(claim, condition) >= _MINE
            )
            if (gone or unsaid) and about:
                yield Fault(Reason.CONDITION_DROPPED, f"The claim leaves out “{condition.words}”.")
        only = re.search(r"\bonly\b", said.text)
        if (
            only
            and _within(claim, said) >= _MINE
            and not _ONLY.search(claim.text)
            and _share(_near(said, only.start()), mine) >= _WHOLE
        ):
            yield Fault(Reason.CONDITION_DROPPED, "The claim leaves out “only”.")


def _fewer(claim: Wording, cited: Sequence[Wording], mine: frozenset[str]) -> Iterator[Fault]:
    """Fewer conditions than the sentences whose words the claim repeats almost whole."""
    loose = sum(len(_LOOSE.findall(said.text)) for said in cited)
    said_by = len(_IFS.findall(claim.text)) + max(0, len(_LOOSE.findall(claim.text)) - loose)
    ifs = [c for said in cited for c in _conditions(said) if _IFS.match(c.words)]
    kept = sum(_share(c.inside, mine) == 1 for c in ifs)
    whole = [c for c in ifs if _share(c.inside, mine) < 1 and _share(c.rest, mine) >= _WHOLE]
    if len(whole) > max(0, said_by - kept):
        yield Fault(
            Reason.CONDITION_DROPPED, f"The claim leaves out one of “{'”, “'.join(c.words for c in whole)}”."
        )


def _within(claim: Wording, said: Wording) -> float:
    return _share([word for word in claim.words if word.carries], said.keys)


def _from(claim: Wording, condition: Condition) -> float:
    """How much of a claim, or of a segment of it, comes from the segment of a condition."""
    there = frozenset(key for word in (*condition.inside, *condition.rest) for key in word.keys)
    segments = {word.segment for word in claim.words}
    return max(
        (_share([w for w in claim.words if w.carries and w.segment == n], there) for n in segments),
        default=0.0,
    )


def _near(said: Wording, place: int) -> list[Word]:
    """The words around a place that carry something, in its clause and the next."""
    here = next((w.clause for w in said.words if w.start >= place), 0)
    return [w for w in said.words if w.clause in {here, here + 1} and w.carries and w.stem != "alone"]


def _share(wanted: Sequence[Word], mine: frozenset[str]) -> float:
    return sum(bool(word.keys & mine) for word in wanted) / len(wanted) if wanted else 0.0


def _conditions(said: Wording) -> Iterator[Condition]:
    spans = [
        (m.start(), _end(said.text, m.end()))
        for m in _CUE.finditer(said.text)
        if not _OR.search(said.text[: m.start()])
    ]
    topic = _TOPIC.match(said.text)
    if topic and not _ISSUER.match(said.text):
        spans.append((0, topic.end() - 2))
    aside = [m.span() for m in re.finditer(r"\([^()]*\)", said.text)]
    for start, end in spans:
        inside = [w for w in said.words if start <= w.start < end and (w.carries or w.text[0].isdigit())]
        if start == 0:  # what a topic says in brackets only explains it
            inside = [w for w in inside if not any(a < w.start < b for a, b in aside)]
        if not inside or (start == 0 and len(inside) == 1 and not inside[0].names):
            continue
        segment = inside[0].segment
        rest = [w for w in said.words if w.segment == segment and w.carries and not start <= w.start < end]
        if len(rest) > 1 or (rest and _IFS.match(said.text[start:end])):
            before = tuple(w for w in rest if w.start < start)
            yield Condition(
                said.text[start:end].strip(), tuple(inside), tuple(rest), before if len(before) > 1 else ()
            )


def _end(text: str, place: int) -> int:
    found = _END.search(text, place)
    return found.start() if found else len(text)
