"""What decided about each sentence that was found: everything measured, and what became of it.

Nothing here decides: gates and rules are asked again what they measured, so that what is told of a
decision cannot drift from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consilium.domain.article import Article, Support
from consilium.domain.evidence import Candidate, Evidence, Rejection
from consilium.domain.measure import Measured
from consilium.pipeline.compose import Draft
from consilium.pipeline.coverage import Coverage
from consilium.pipeline.gates import Ruling, rulings
from consilium.pipeline.trace import Outcome


@dataclass(frozen=True, slots=True)
class Examined:
    """One candidate with all that was measured of it.

    Attributes:
        rulings: every ruling of every gate, by the gate's name.
        measured: what the rules after the gates measured.
        evidence: what appraisal made of it; None where it was turned away before.
        rejection: why it is not cited; None where it is.
        places: where it stands in the article, such as "lead"; empty where it is not cited.
        why: why it is cited, or why it is not.
    """

    candidate: Candidate
    coverage: Coverage
    rulings: tuple[tuple[str, Ruling], ...]
    measured: tuple[Measured, ...]
    evidence: Evidence | None
    rejection: Rejection | None
    places: tuple[str, ...]
    why: str

    @property
    def features(self) -> dict[str, str]:
        """What else gates, score and pertinence look at, which no single threshold is held against."""
        coverage, candidate = self.coverage, self.candidate
        sentence, source = candidate.sentence, candidate.source
        flags = {
            "only kin of the topic": coverage.kin_only,
            "only cousins of the topic": coverage.cousin_only,
            "names the topic in passing": coverage.in_passing,
            "about another condition": coverage.elsewhere,
            "only mentions the topic": coverage.subject.mentions,
        }
        marks = ", ".join(name for name, holds in flags.items() if holds)
        return {
            "serves": ", ".join(candidate.annotation.intents) or "no intent",
            "kind": f"{sentence.kind.value}, {sentence.origin.value}, {sentence.checked.value}",
            "design": source.design,
            "status": f"{source.status.value}, {'checked' if source.status_checked else 'not checked'}",
            "conditions not asked about": str(coverage.aliens),
            "opens with the topic": f"{coverage.subject.opens:g}",
            **({"disease of its own": coverage.subject.other} if coverage.subject.other else {}),
            **({"marks": marks} if marks else {}),
        }

    @property
    def closed(self) -> str | None:
        """The first gate that closed."""
        return next((gate for gate, ruling in self.rulings if ruling.verdict), None)

    @property
    def stopped_by(self) -> str | None:
        """What kept it out of the article: a gate, or a rule after the gates; None where it is cited."""
        return self.rejection.by if self.rejection else None


_UNVERIFIED = "was chosen, but its claim could not be verified"


def examined(outcome: Outcome) -> tuple[Examined, ...]:
    """Every candidate of an answer, in the order of retrieval; none where nothing was searched."""
    trace = outcome.trace
    if trace.appraisal is None:
        return ()
    evidence = {e.sentence.id: e for e in trace.evidence}
    rejected = {r.candidate.sentence.id: r for r in reversed(trace.rejections)}
    places = places_of(outcome)
    return tuple(
        _examined(outcome, candidate, evidence, rejected, places.get(candidate.sentence.id, ()))
        for candidate in trace.candidates
    )


def _examined(
    outcome: Outcome,
    candidate: Candidate,
    evidence: Mapping[str, Evidence],
    rejected: Mapping[str, Rejection],
    places: tuple[str, ...],
) -> Examined:
    appraisal, draft = outcome.trace.appraisal, outcome.trace.draft or Draft()
    assert appraisal is not None  # noqa: S101 - what was found was appraised
    name = candidate.sentence.id
    coverage, item, rejection = appraisal.measured[name], evidence.get(name), rejected.get(name)
    made = rulings(appraisal.keeper, candidate, coverage)
    after = item.measured if item else ()
    if rejection and not any(ruling.verdict for _, ruling in made):
        after = (*after, *(m for m in rejection.measured if m not in draft.measured.get(name, ())))
    turned_away = rejection.detail if rejection else _UNVERIFIED
    return Examined(
        candidate,
        coverage,
        made,
        (*after, *draft.measured.get(name, ())),
        item,
        None if places else rejection,
        places,
        draft.why.get(name, turned_away) if places else turned_away,
    )


def places_of(outcome: Outcome) -> dict[str, tuple[str, ...]]:
    """Where each cited sentence stands in the article, by its id."""
    article = outcome.result
    if not isinstance(article, Article):
        return {}
    rows = [("act now", article.act_now), ("in short", article.in_short)]
    rows += [(i.role.value.replace("_", " "), i.claims) for s in article.sections for i in s.items]
    found: dict[str, tuple[str, ...]] = {}
    for claim in article.claims:
        places = tuple(place for place, claims in rows if claim.id in claims)
        # What a model words may rest on several sentences alike; a sentence's own claim only cites premises.
        own = claim.claim.cited if claim.support is Support.ENTAILED else claim.claim.cited[:1]
        for _, sentence in own:
            found[sentence.id] = tuple(dict.fromkeys((*found.get(sentence.id, ()), *places)))
    return found


def brought(outcome: Outcome) -> dict[str, str]:
    """What is cited although no search found it, by sentence id, with the reason."""
    found = {candidate.sentence.id for candidate in outcome.trace.candidates}
    why = outcome.trace.draft.why if outcome.trace.draft else {}
    return {name: why.get(name, "shown") for name in places_of(outcome) if name not in found}
