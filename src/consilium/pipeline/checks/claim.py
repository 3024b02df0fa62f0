"""Check one generated claim against the sentences that it cites: what is certainly wrong with it, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from consilium.domain.evidence import StatementKind
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.checks import (
    amounts,
    bindings,
    causation,
    certainty,
    conditions,
    direction,
    form,
    negation,
    people,
    strength,
    terms,
)  # fmt: skip
from consilium.pipeline.checks.faults import CitedWords, Fault
from consilium.pipeline.checks.wording import plainly, wording


def check(text: str, cited: Sequence[CitedWords], lexicon: Lexicon, kind: StatementKind) -> tuple[Fault, ...]:
    """Everything that is certainly wrong with a claim; nothing found does not make it right."""
    return tuple(dict.fromkeys(_faults(text, cited, lexicon, kind)))


def _faults(text: str, cited: Sequence[CitedWords], lexicon: Lexicon, kind: StatementKind) -> Iterator[Fault]:
    yield from form.faults(text)
    claim = wording(text, lexicon)
    said = [wording(source.text, lexicon) for source in cited]
    around = wording(". ".join(source.around for source in cited), lexicon)
    beside = [plainly(f"{source.heading or ''}. {source.population or ''}") for source in cited]
    known = around.concepts.union(*(s.concepts for s in said))
    names = [
        m for m in claim.mentions if m.concept in known and lexicon.concepts[m.concept].kind != "population"
    ]
    yield from amounts.faults(claim.text, [s.text for s in said] + beside, [(m.start, m.end) for m in names])
    yield from bindings.faults(claim, said)
    yield from negation.faults(claim, said)
    yield from direction.faults(claim, said)
    yield from strength.faults(claim, said, cited, kind)
    yield from certainty.faults(claim, said)
    yield from causation.faults(claim, said)
    yield from conditions.faults(claim, said)
    yield from people.faults(claim.text, ". ".join(s.text for s in said), ". ".join(beside))
    yield from terms.faults(claim, said, around, lexicon)
    yield from terms.codes(
        text, " ".join([s.text for s in cited] + [around.text]), " ".join(m.words for m in names)
    )
