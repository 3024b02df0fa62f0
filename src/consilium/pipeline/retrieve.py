"""Bring up candidates: guidelines and research apart, each with its own budget."""

from __future__ import annotations

from consilium.domain.evidence import Candidate, SourceKind
from consilium.domain.question import Plan
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold
from consilium.pipeline.leaning import bound
from consilium.ports import ConceptGroup, Hit, Library, Query, TextIndex

# Candidates a question: generous, because appraisal does the choosing.
GUIDELINE_BUDGET, RESEARCH_BUDGET = 200, 200
_PARENT, _COMPATIBLE = 0.3, 0.6
_ADVICE = (SourceKind.GUIDELINE, SourceKind.REGULATORY)


def retrieve(plan: Plan, lexicon: Lexicon, index: TextIndex, library: Library) -> tuple[Candidate, ...]:
    """All candidates for a plan, best first within guidelines, then within research.

    Raises:
        RetrievalError: the index could not be read.
    """
    return tuple(
        candidate
        for query in queries_of(plan, lexicon)
        for rank, hit in enumerate(index.search(query), 1)
        if (candidate := candidate_of(hit, rank, library))
    )


def queries_of(plan: Plan, lexicon: Lexicon) -> tuple[Query, ...]:
    """What the index is asked for a plan: guidelines, then research."""
    groups = tuple(group_of(term.concept, term.weight, lexicon) for term in plan.terms if term.concept)
    words = tuple((fold(t.words), t.weight) for t in plan.terms if t.concept is None)
    asked = in_proper_names(plan, lexicon)
    wanted = ((_ADVICE, GUIDELINE_BUDGET), ((SourceKind.STUDY,), RESEARCH_BUDGET))
    intents = tuple(intent.value for intent in plan.intents)
    return tuple(Query(groups, words, kinds, budget, asked, intents) for kinds, budget in wanted)


def in_proper_names(plan: Plan, lexicon: Lexicon) -> str:
    """A question with the proper names of what it names otherwise: "Paxlovid" is in no model's head."""
    said = plan.understood.lower()
    names = [lexicon.name(term.concept) for term in plan.terms if term.concept]
    lacking = dict.fromkeys(name for name in names if name.lower() not in said)
    return f"{plan.understood} ({', '.join(lacking)})" if lacking else plan.understood


def group_of(concept: str, weight: float, lexicon: Lexicon) -> ConceptGroup:
    """A concept with its parents and declared kin, which count once together."""
    own = lexicon.concepts[concept]
    kin = [(concept, weight)]
    kin += [(parent, weight * _PARENT) for parent in own.is_a]
    kin += [(other, weight * _COMPATIBLE) for other in own.compatible]
    return ConceptGroup(tuple((c, round(w, 4)) for c, w in kin))


def candidate_of(hit: Hit, rank: int, library: Library) -> Candidate | None:
    """The candidate that a hit stands for; None if the library no longer holds it."""
    sentence, source = library.sentence(hit.sentence), library.source(hit.source)
    if sentence is None or source is None:
        return None
    places = hit.by_text, hit.by_meaning, hit.by_pieces
    if sentence.role is None:
        return Candidate(sentence, source, hit.annotation, hit.score, rank, *places)
    work = tuple(library.sentences(source.id))
    return Candidate(bound(sentence, work), source, hit.annotation, hit.score, rank, *places, work)
