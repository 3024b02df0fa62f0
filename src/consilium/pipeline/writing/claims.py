"""From a proposal to a claim: kind, grade, conditions and attribution come from its sentences alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from consilium.domain.article import Claim
from consilium.domain.evidence import Sentence, Source, SourceKind, StatementKind
from consilium.domain.grade import Grade
from consilium.pipeline.frames import depending, frame_of
from consilium.pipeline.writing.select import Offered
from consilium.pipeline.writing.write import Proposal

_FIRST = (StatementKind.RECOMMENDATION, StatementKind.WARNING)
_ORDER = {kind: place for place, kind in enumerate(_FIRST)}


def claim_of(proposal: Proposal, unmet: Mapping[str, Sequence[str]]) -> Claim:
    """The claim that a proposal would be; what it may not be, ``inspect`` tells.

    Args:
        unmet: what a sentence depends on and the question does not state, by its id.
    """
    cited = sorted(proposal.sentences, key=lambda item: _ORDER.get(item.kind, len(_ORDER)))
    kinds = [item.kind for item in cited]
    sentences = [item.sentence for item in cited]
    first = cited[0]
    frame = _frame(cited, kinds[0])
    conditions = [c for item in cited for c in unmet.get(item.sentence.id, ())]
    return Claim(
        text=proposal.text,
        frame=depending(frame, conditions, proposal.text) if len(cited) == 1 else frame,
        kind=kinds[0] if kinds[0] in _FIRST else _plainer(kinds),
        grade=graded(sentences)[0] if graded(sentences) else Grade(),
        qualifiers=_once(q for s in sentences for q in s.qualifiers),
        population="; ".join(_once(s.population for s in sentences)) or None,
        setting="; ".join(_once(s.setting for s in sentences)) or None,
        cited=tuple((item.source, item.sentence) for item in (first, *cited[1:])),
    )


def graded(sentences: Sequence[Sentence]) -> list[Grade]:
    """The different grades of sentences, without those that carry none."""
    return list(dict.fromkeys(s.grade for s in sentences if s.grade != Grade()))


def _plainer(kinds: Sequence[StatementKind]) -> StatementKind:
    defines = all(kind is StatementKind.DEFINITION for kind in kinds)
    return StatementKind.DEFINITION if defines else StatementKind.FINDING


def _frame(cited: Sequence[Offered], kind: StatementKind) -> str | None:
    """Who says it: always for advice; for research where one study says it; a plain fact needs no name."""
    first: tuple[Sentence, Source] = (cited[0].sentence, cited[0].source)
    works = {item.source.id for item in cited}
    if kind in _FIRST or (len(works) == 1 and first[1].issues_advice):
        return frame_of(*first)
    told = first[1].kind is SourceKind.STUDY and kind is StatementKind.DEFINITION
    return None if told or len(works) > 1 else frame_of(*first)


def _once(words: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
