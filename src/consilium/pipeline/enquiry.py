"""Is this readable, and is it a clinical question at all?"""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import replace

from consilium.domain.question import Plan, Question
from consilium.errors import QuestionError
from consilium.pipeline import tables
from consilium.pipeline.plain import without_unseen

MOST_CHARACTERS = 2_000
_CLINICAL = frozenset(
    [
        "condition",
        "symptom",
        "sign",
        "test",
        "drug",
        "class",
        "vaccine",
        "procedure",
        "device",
        "organism",
        "score",
        "behaviour",
        "anatomy",
        "held",
        "word",
    ]
)


def readable(question: Question) -> Question:
    """The question with white space folded and hidden characters taken out.

    Raises:
        QuestionError: it is empty, too long, or not text.
    """
    raw = question.text
    if len(raw) > MOST_CHARACTERS:
        raise QuestionError(
            f"The question has {len(raw):,} characters; ask it in at most {MOST_CHARACTERS:,}."
        )
    text = without_unseen(unicodedata.normalize("NFC", raw))
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")
    if len(text) - len(kept) > max(3, len(text) // 10) or "\x00" in text or "\ufffd" in text:
        raise QuestionError("The question holds control characters or binary data; type it as text.")
    kept = " ".join(kept.split())
    if not any(c.isalpha() for c in kept):
        raise QuestionError("The question is empty; type it in words, for example: umn signs back pain")
    return replace(question, text=kept)


def unanswerable(question: Question) -> str | None:
    """Why no evidence could answer, or None: one person's future, or a document to come."""
    table = tables.load("unanswerable")
    text = question.text.lower()
    future = tables.pattern(table["future"]).search(text)
    year = (question.as_of or datetime.datetime.now(datetime.UTC).date()).year
    if tables.cued(table["personal"], text) or (future and int(future[1]) > year):
        return str(table["message"])
    return None


# This many plain words that no record uses, and more than clinical terms, and the question is
# about something else ("randomised teapot trial of sideways insulin in furniture").
_STRANGE = 2


def strange(plan: Plan) -> bool:
    """Whether words that the library has never seen outweigh the clinical ones."""
    clinical = [t for t in plan.terms if t.concept and t.kind in _CLINICAL]
    return len(plan.unseen) >= _STRANGE and len(plan.unseen) > len(clinical)


def not_clinical(plan: Plan) -> bool:
    """Whether nothing is named that a clinician deals with or that the library speaks of."""
    return not any(term.kind in _CLINICAL for term in plan.terms)
