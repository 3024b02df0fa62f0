"""What a sentence holds only on conditions: "unless", "only if", "in patients with", its topic before the colon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.wording import Wording

_PEOPLE = r"(?:adults?|patients?|people|persons?|children|women|men|those|infants?|adolescents?|individuals|girls|boys|babies|neonates|anyone|someone|everyone)"
_CUE = re.compile(
    rf"\b(?:only if|only when|only after|only for|only in|only where|unless|except|provided|as long as|until|if|when|where|whenever|once|despite|in case of"
    rf"|(?:in|for|among|of) (?:\w+ ){{0,3}}{_PEOPLE}(?: with| who| whose| aged| at| on| under| over| without| in| and|,|\b)|{_PEOPLE} (?:with|who|whose|aged|at|on|under|over|without)"
    r"|(?:in|with|without|during|after|before|under|over|below|above) (?=\w))"
)
_HARD = re.compile(r"only|unless|except|provided|until|if\b|when|where|as long|once|in case|despite|without")
_ONLY = re.compile(
    r"\bonly\b|\bsole(?:ly)?\b|\bexclusively\b|\bnot (?:otherwise|before)\b|\breserve\w*\b|\bunless\b|\bexcept\b"
)
_END = re.compile(r"[,;:()]|\.(?=\s|$)|\s-\s|\bbut\b|\bthen\b")
# Enough of the rest that the claim is about it, and too little of the condition that it is still there.
_ABOUT, _KEPT, _TOPIC_KEPT = 0.5, 0.34, 0.2


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a sentence: its words, their keys, and those of the rest of its segment."""

    words: str
    keys: tuple[frozenset[str], ...]
    rest: tuple[frozenset[str], ...]
    numbers: frozenset[str]


def faults(claim: Wording, cited: Sequence[Wording], around: frozenset[str]) -> Iterator[Fault]:
    """Conditions of the sentences that a claim leaves out.

    Args:
        around: the concepts of the headings and titles: what they say need not be said again.
    """
    mine = claim.keys | frozenset(word.stem for word in claim.words)
    for said in cited:
        for condition in _conditions(said):
            about = _share(condition.rest, mine)
            kept = _share(condition.keys, mine)
            if about >= _ABOUT and kept <= (_KEPT if _HARD.match(condition.words) else _TOPIC_KEPT):
                yield Fault(Reason.CONDITION_DROPPED, f"The claim leaves out “{condition.words}”.")
    if not _ONLY.search(claim.text):
        for said in cited:
            only = re.search(r"\bonly (?:if|when|after|for|in|where|with|as|to)\b", said.text)
            if only and _share(_rest(said, only.start()), mine) >= _ABOUT:
                yield Fault(Reason.CONDITION_DROPPED, f"The claim leaves out “{only[0]}”.")


def _rest(said: Wording, place: int) -> tuple[frozenset[str], ...]:
    here = next((w.segment for w in said.words if w.start >= place), 0)
    return tuple(w.keys for w in said.words if w.segment == here and w.carries)


def _share(wanted: Sequence[frozenset[str]], mine: frozenset[str]) -> float:
    return sum(bool(keys & mine) for keys in wanted) / len(wanted) if wanted else 0.0


def _conditions(said: Wording) -> Iterator[Condition]:
    spans = [(m.start(), _end(said.text, m.end()), m[0]) for m in _CUE.finditer(said.text)]
    for start, end, cue in spans:
        words = [w for w in said.words if start <= w.start < end]
        if not words:
            continue
        inside = [w for w in words if w.carries and not cue.strip().endswith(w.text)]
        segment = words[0].segment
        rest = [w for w in said.words if w.segment == segment and w.carries and not start <= w.start < end]
        if inside and rest and (_HARD.match(cue) or re.search(_PEOPLE, cue)):
            yield Condition(
                said.text[start:end].strip(),
                tuple(w.keys for w in inside),
                tuple(w.keys for w in rest),
                frozenset(),
            )


def _end(text: str, place: int) -> int:
    found = _END.search(text, place)
    return found.start() if found else len(text)
