"""Quote works: their chosen sentences with what belongs beside them, one entry a work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consilium.domain.evidence import Evidence, Sentence, Source, SourceKind
from consilium.domain.question import Plan
from consilium.domain.role import Role
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline import tables
from consilium.pipeline.abbreviations import expanded, unspelt
from consilium.pipeline.coverage import in_words
from consilium.pipeline.effect import outcome_of, said
from consilium.pipeline.frames import GOES_ON, IN_FIGURES, Beside, frame_of, under_heading
from consilium.pipeline.leaning import bound, leans
from consilium.pipeline.participants import participants_in, studies_in
from consilium.pipeline.wholeness import is_whole

_COVERED = 0.9  # of what was asked: below it the title is told beside the sentence
_ALIKE = 3  # words that a finding in figures shares with the conclusion that it stands under
_SHORTEST = 4  # letters of a word that tells
_FIRST = frozenset({Role.CONCLUSION, Role.RECOMMENDATION})
_STOPS = frozenset('.!?”"')
_POOLED = ("review", "meta-analysis")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence as it is quoted: with its frame, and with what it may not be parted from."""

    sentence: Sentence
    source: Source
    frame: str
    bound: tuple[str, ...] = ()


def quoted(plan: Plan, chosen: Sequence[Evidence], lexicon: Lexicon) -> tuple[Quoted, ...]:
    """The chosen sentences of one work in the order in which they are read, with what belongs to them.

    Args:
        chosen: evidence of one work, the best first.
    """
    work, source = chosen[0].candidate.work, chosen[0].source
    place = {one.id: at for at, one in enumerate(work)}
    order: dict[str, Sentence] = {}
    parts: dict[str, tuple[str, ...]] = {}
    for item in chosen:
        names = sorted((item.sentence.id, *item.sentence.pairs_with), key=place.__getitem__)
        parts |= {name: tuple(n for n in names if n != name) for name in names if len(names) > 1}
        order |= {name: work[place[name]] for name in names if name not in order}
    figures = _figures(plan, chosen[0].sentence, tuple(order.values()), work, source, lexicon)
    made: list[Quoted] = []
    heading: str | None = None
    for name, sentence in order.items():
        if made:
            moved = source.issues_advice and sentence.heading != heading
            under = under_heading(sentence.heading) if moved else ""
            frame = GOES_ON + under + _spelt(sentence, source, work, lexicon)
        else:
            frame = frame_of(sentence, source, _beside(chosen, sentence, lexicon))
        heading = sentence.heading
        made.append(Quoted(sentence, source, frame, parts.get(name, ())))
    if figures:
        frame = IN_FIGURES + _spelt(figures, source, work, lexicon)
        made.append(Quoted(figures, source, frame))
    return tuple(made)


def _beside(chosen: Sequence[Evidence], first: Sentence, lexicon: Lexicon) -> Beside:
    item, source = chosen[0], chosen[0].source
    work = item.candidate.work
    grouped = tables.cued(tables.load("own_words")["groups"], first.text.lower())
    listed = source.issues_advice and first.text[-1:] not in _STOPS
    titled = item.core < _COVERED or leans(item.sentence.text) or grouped or listed
    shorts = expanded(unspelt(first, source, lexicon), work)
    return Beside(_size(source, work), titled, first.heading if listed else None, tuple(shorts.items()))


def _spelt(sentence: Sentence, source: Source, work: Sequence[Sentence], lexicon: Lexicon) -> str:
    shorts = expanded(unspelt(sentence, source, lexicon), work)
    return f" ({'; '.join(f'{short}: {meaning}' for short, meaning in shorts.items())})" if shorts else ""


def _size(source: Source, work: Sequence[Sentence]) -> str:
    """How many people a study, or studies a review, took in, as far as it says: " of 708 people"."""
    if source.kind is not SourceKind.STUDY:
        return ""
    if any(word in source.design.lower() for word in _POOLED):
        studies = studies_in(work)
        return f" of {studies:,} studies" if studies else ""
    people = participants_in(work)
    return f" of {people:,} people" if people else ""


def _figures(
    plan: Plan,
    main: Sentence,
    shown: Sequence[Sentence],
    work: Sequence[Sentence],
    source: Source,
    lexicon: Lexicon,
) -> Sentence | None:
    """The finding in figures under a conclusion that gives none; None where there is none that is surely the same."""
    cues = tables.load("own_words")["size_of_effect"]
    if source.kind is not SourceKind.STUDY or any(tables.cued(cues, one.text.lower()) for one in shown):
        return None
    wanted, told = outcome_of(plan.understood), _telling(main)
    best: tuple[int, int, Sentence] | None = None
    for at, one in enumerate(work):
        if one.role is not Role.RESULTS or one in shown or one.passage != work[0].passage:
            continue
        words = said(one.text)
        if (
            not tables.cued(cues, one.text.lower())
            or not is_whole(one.text)
            or leans(one.text)
            or bound(one, work).pairs_with
            or (wanted and not all(in_words(word, words) for word in wanted))
            or set(unspelt(one, source, lexicon)) - expanded(unspelt(one, source, lexicon), work).keys()
        ):
            continue
        alike = sum(in_words(word, words) for word in told)
        if alike >= _ALIKE and (best is None or (alike, -at) > best[:2]):
            best = (alike, -at, one)
    return best[2] if best else None


def _telling(sentence: Sentence) -> frozenset[str]:
    return frozenset(word for word in said(sentence.text) if len(word) >= _SHORTEST)


def by_work(chosen: Sequence[Evidence]) -> list[list[Evidence]]:
    """Evidence of works, a list for each work, its conclusion first, in the order of the best of each."""
    works: dict[str, list[Evidence]] = {}
    for item in chosen:
        works.setdefault(item.source.id, []).append(item)
    return [sorted(items, key=lambda e: e.sentence.role not in _FIRST) for items in works.values()]
