"""How firmly a claim advises: never more firmly than the sentence about the same act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consilium.domain.evidence import StatementKind
from consilium.domain.grade import Strength
from consilium.pipeline.checks.alignment import Saying, saying
from consilium.pipeline.checks.faults import CitedWords, Fault, Reason
from consilium.pipeline.checks.wording import Wording

_VERBS = (
    "give direct let allow inform counsel encourage use start stop treat test screen refer measure avoid image take add keep check do monitor "
    "admit transfuse observe offer prescribe "
    "switch continue withhold repeat record stage transfer begin perform obtain arrange seek ask assess "
    "teach reverse limit choose order "
    "do discuss examine look exclude suspect diagnose investigate operate vaccinate immunise "
    "anticoagulate inject apply restrict review "
    "reduce raise increase lower complete"
)
MUST, STRONGLY, SHOULD, SUGGEST, MAY = 5, 4, 3, 2, 1
# A recommendation without a verb ("STEMI: aspirin plus ticagrelor") advises as firmly as this.
_UNSAID = {Strength.CONDITIONAL: SUGGEST, Strength.INSUFFICIENT: 0}
# The order matters: a weaker sort of recommending before recommending.
_LEVELS: tuple[tuple[int, str], ...] = (
    (SUGGEST,
        r"(?:conditional(?:ly)?|weak(?:ly)?) (?:recommend\w*|advis\w*)|recommend\w* (?:conditionally"
        r"|weakly)|should be considered|"
              r"(?:should|may|can|could|is|be|to) consider(?:ed)?|consider(?:s|ed|ing)?\b|suggest(?:s|ed"
              r"|ion|ions|ing)?(?! that)|reasonabl[ey]|prefer\w*|favou?red"),
    (STRONGLY, r"strong(?:ly)? (?:recommend\w*|advis\w*|urge\w*)|recommend\w* strongly"),
    (MUST, (
        r"must|mandatory|essential|crucial|imperative|vital|shall|always|invariably|compulsory|required"
        r"|requires|require"
    )),
    (SHOULD, (
        r"should|ought|important to|necessary|advisable|best to|recommend\w*|advis(?:e|es|ed|ing|ory)"
        r"|advice|indicated|need(?:s|ed)? to|urge[sd]?|has to|have to|first[- ]line|first choice|drug of "
        r"choice|treatment of choice"
    )),
    (MAY, r"may|might|can|could|option(?:s|al)?|acceptable|appropriate|allowed|permitted|alternative"),
)  # fmt: skip
_WORDS = [(level, re.compile(rf"\b(?:{words})\b")) for level, words in _LEVELS]
_ACT = re.compile(
    rf"(?:^|[:;,.]\s|\bthen |\band |\bso )(?:please |do not |never |always |routinely |not "
    rf")?(?:{'|'.join(_VERBS.split())})\b(?! of\b|,)"
)
# "Recommendation" as a thing that a body made is no advice of this sentence.
# "Should that fail" is a condition, "suggested by brisk reflexes" a sign.
_INVERTED = re.compile(r"(?:^|(?<=[;,:.] ))should\b|\bsuggested by\b")
_NO_ADVICE = re.compile(
    r"\b(?:the|this|its|of|their|earlier|recommended) (?:recommendations?|advice)\b|\brecommended (?:daily"
    r"|dietary)\b|\bmay \d{4}\b"
)


def faults(
    claim: Wording, cited: Sequence[Wording], sources: Sequence[CitedWords], kind: StatementKind
) -> Iterator[Fault]:
    """Advice of a claim that is firmer than its sentences, or that no guideline gives."""
    advised = any(source.issues_advice for source in sources)
    if kind is StatementKind.RECOMMENDATION and not advised:
        yield Fault(
            Reason.ADVICE, "A recommendation has to rest on a guideline or a regulator; none is cited."
        )
    theirs = [made for said in cited for made in sayings(said)]
    unsaid = _unsaid(sources, kind)
    for here in sayings(claim):
        level, allowed = int(here.sense), _allowed(here, theirs) or unsaid
        if allowed >= SHOULD and any(source.grade.strength is Strength.STRONG for source in sources):
            allowed = max(allowed, STRONGLY)
        if level > max(allowed, MAY if level == MAY else 0):
            reason = Reason.STRENGTH if advised or allowed else Reason.ADVICE
            yield Fault(reason, f"“{here.words}” is firmer than the cited sentences are.")


def _unsaid(sources: Sequence[CitedWords], kind: StatementKind) -> int:
    if kind not in {StatementKind.RECOMMENDATION, StatementKind.WARNING}:
        return 0
    return max(
        (_UNSAID.get(source.grade.strength, SHOULD) for source in sources if source.issues_advice), default=0
    )


def _allowed(here: Saying, theirs: Sequence[Saying]) -> int:
    best = max((here.closeness(there) for there in theirs), default=0.0)
    return max((int(there.sense) for there in theirs if here.closeness(there) >= best), default=0)


def sayings(said: Wording) -> Iterator[Saying]:
    """Each piece of advice in a text, with how firm it is."""
    taken = {n for first, after, _ in said.matches(_NO_ADVICE) for n in range(first, after)}
    taken.update(n for first, after, _ in said.matches(_INVERTED) for n in range(first, after))
    for level, pattern in _WORDS:
        for first, after, _ in said.matches(pattern):
            if taken.isdisjoint(range(first, after)):
                taken.update(range(first, after))
                yield saying(said, first, after, str(level))
    for found in _ACT.finditer(said.text):
        inside = [n for n, w in enumerate(said.words) if found.start() <= w.start < found.end()]
        if inside and taken.isdisjoint(inside):
            yield saying(said, inside[-1], inside[-1] + 1, str(SHOULD))
