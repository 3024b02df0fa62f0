"""Article and Abstention to the JSON of the contract; deterministic to the byte.

``id`` is the SHA-256 of the canonical JSON (RFC 8785) of ``content``, which holds no clock, no
version, no counts and no audience; those live in ``run``.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from typing import Any

import rfc8785

from consilium.domain.article import Abstention, Article, Disagreement, Reference, Rendering, SupportedClaim
from consilium.domain.evidence import Sentence, Source
from consilium.domain.question import Plan
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.trace import Outcome, Trace

SCHEMA = "consilium/article/1"
Json = dict[str, Any]


def digest(value: Any) -> str:
    """The SHA-256 of a value's canonical JSON."""
    return "sha256:" + hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def encode(outcome: Outcome, lexicon: Lexicon, version: str, created: datetime.datetime) -> Json:
    """The whole object of the contract for one answer."""
    result = outcome.result
    article = isinstance(result, Article)
    content = article_json(result) if isinstance(result, Article) else _abstention(result)
    rendering = rendering_json(outcome.rendering) if article and outcome.rendering else None
    return {
        "schema": SCHEMA,
        "kind": "article" if article else "abstention",
        "id": digest(content),
        "content": content,
        "rendering": rendering,
        "run": _run(outcome, lexicon, version, created),
        "review": None,
    }


def article_json(article: Article) -> Json:
    """What is claimed, as ``content`` of the contract."""
    numbers = {reference.source.id: reference.number for reference in article.references}
    return {
        "title": article.question,
        "question": article.question,
        "act_now": list(article.act_now),
        "in_short": list(article.in_short),
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "items": [{"role": item.role.value, "claims": list(item.claims)} for item in section.items],
            }
            for section in article.sections
        ],
        "claims": {claim.id: _claim(claim, numbers) for claim in article.claims},
        "references": [reference_json(reference) for reference in article.references],
        "disagreements": [_disagreement(table) for table in article.disagreements],
        "gaps": list(article.gaps),
        "assessment": {
            "summary": article.assessment.summary,
            "guidelines": article.assessment.guidelines,
            "studies": article.assessment.studies,
            "agree": article.assessment.agree,
            "unchecked": article.assessment.unchecked,
        },
        "disclaimer": article.disclaimer,
    }


def _disagreement(table: Disagreement) -> Json:
    return {
        "about": table.about,
        "positions": [
            {"claim": p.claim, "body": p.body, "jurisdiction": p.jurisdiction, "year": p.year}
            for p in table.positions
        ],
    }


def _claim(supported: SupportedClaim, numbers: dict[str, int]) -> Json:
    claim = supported.claim
    by_source: dict[int, list[Json]] = {}
    for source, sentence in claim.cited:
        by_source.setdefault(numbers[source.id], []).append(_sentence(sentence))
    return {
        "text": claim.text,
        "frame": claim.frame,
        "kind": claim.kind.value,
        "strength": claim.grade.strength.value,
        "direction": claim.grade.direction.value,
        "certainty": claim.grade.certainty.value,
        "native_grade": claim.grade.native,
        "qualifiers": list(claim.qualifiers),
        "population": claim.population,
        "setting": claim.setting,
        "pairs_with": list(claim.partners),
        "support": supported.support.value,
        "verifier": supported.verifier,
        "citations": [
            {"reference": number, "sentences": sentences} for number, sentences in by_source.items()
        ],
    }


def _sentence(sentence: Sentence) -> Json:
    return {
        "id": sentence.id,
        "text": sentence.text,
        "sha256": sentence.sha256,
        "origin": sentence.origin.value,
        "premises": list(sentence.premises),
        "checked": sentence.checked.value,
        "passage": sentence.passage,
        "heading": sentence.heading,
        "locator": sentence.locator,
    }


def reference_json(reference: Reference) -> Json:
    """An entry of the list of references."""
    source = reference.source
    return {
        "number": reference.number,
        "source": source.id,
        "version": source.version,
        "kind": source.kind.value,
        "title": source.title,
        "organisation": list(source.organisation),
        **{
            name: getattr(source, name)
            for name in ("authors", "year", "journal", "jurisdiction", "population", "design")
        },
        "status": source.status.value,
        "status_basis": "checked" if source.status_checked else "assumed",
        **{
            name: getattr(source, name)
            for name in ("status_checked_on", "status_note", "pmid", "pmcid", "doi", "url")
        },
        "licence": source.licence,
        "text": reference.text,
    }


def _abstention(abstention: Abstention) -> Json:
    return {
        "question": abstention.question,
        "reason": abstention.reason,
        "message": abstention.message,
        "searched": list(abstention.searched),
        "nearest": [
            {"source": near.source, "title": near.title, "why_not": near.why_not}
            for near in abstention.nearest
        ],
        "widen": list(abstention.widen),
        "disclaimer": abstention.disclaimer,
    }


def rendering_json(rendering: Rendering) -> Json:
    """The wording for one audience, with its own digest."""
    body = {
        "audience": rendering.audience,
        "composer": rendering.composer,
        "claims": {
            claim: {
                "text": wording.text,
                "glosses": [
                    {"term": term, "gloss": gloss, "source": source}
                    for term, gloss, source in wording.glosses
                ],
            }
            for claim, wording in rendering.claims
        },
        "order": list(rendering.order),
        "reading_grade": rendering.reading_grade,
    }
    return {"id": digest(body), **body}


_BY_TEXT_ALONE = {
    "stage": "retrieve",
    "why": "the vectors of the library could not be used; it was searched by text alone",
}
_SENT = "the question, without what could identify a person"


def _run(outcome: Outcome, lexicon: Lexicon, version: str, created: datetime.datetime) -> Json:
    trace, writing, consulted = outcome.trace, outcome.trace.writing, outcome.trace.consulted
    return {
        "created": created.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "as_of": outcome.as_of,
        "follows": outcome.follows,
        "plan": _plan(trace.plan, lexicon) if trace.plan else None,
        "composer": f"model:{writing.by}" if writing and writing.used else "extractive",
        "generations": outcome.generations,
        "version": version,
        "retrieved": len(trace.candidates),
        "admitted": len(trace.evidence),
        "excluded": [
            {**_identity(e.source), "reason": e.reason, "detail": e.detail} for e in outcome.excluded
        ],
        "excluded_total": outcome.excluded_total,
        "urgent_notice": outcome.urgent_notice,
        "fallbacks": [
            *([_BY_TEXT_ALONE] if trace.searched.fell_back else []),
            *({"stage": f.stage, "why": f.why} for f in (writing.fallbacks if writing else ())),
            *({"stage": "live", "why": why} for why in (consulted.unreached if consulted else ())),
        ],
        "sent_outside": [*_sent(trace)],
        "follow_ups": list(outcome.follow_ups),
    }


def _sent(trace: Trace) -> Iterator[Json]:
    """What left this machine, and to whom."""
    for to, what in trace.consulted.sent if trace.consulted else ():
        yield {"to": to, "what": what}
    if trace.searched.sent_to:
        yield {"to": trace.searched.sent_to, "what": _SENT}
    writing = trace.writing
    if writing and writing.sent_to and writing.calls:
        yield {"to": writing.sent_to, "what": f"{_SENT}, and {writing.sent} passages of the library"}


def _identity(source: Source) -> Json:
    return {"source": source.id, "title": source.title, "year": source.year, "url": source.url}


def _plan(plan: Plan, lexicon: Lexicon) -> Json:
    def names(*kinds: str) -> list[str]:
        return [lexicon.name(concept) for concept in plan.concepts(*kinds)]

    intents = [intent.value for intent in (*plan.intents, *plan.companions)]
    population = [*names("population"), *([plan.age.words] if plan.age else [])]
    return {
        "understood": plan.understood,
        "topics": [
            *names("condition", "symptom", "sign", "organism", "test", "score", "behaviour"),
            *(term.words for term in plan.terms if term.concept is None),
        ],
        "intents": list(dict.fromkeys(intents)),
        "population": ", ".join(population) or None,
        "anatomy": names("anatomy"),
        "intervention": names("drug", "class", "vaccine", "procedure", "device"),
        "comparator": [],
        "outcome": names("outcome"),
        "inherited": list(plan.inherited),
    }
