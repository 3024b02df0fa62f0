"""The abstention for a question that cannot be read."""

from __future__ import annotations

import datetime

from consilium.domain.article import Abstention
from consilium.domain.question import Question
from consilium.pipeline.abstain import DISCLAIMER
from consilium.pipeline.trace import Outcome, Trace


def unreadable(question: Question, why: str, generations: dict[str, int]) -> Outcome:
    """An abstention that says why the question could not be read."""
    shown = "".join(c if c.isprintable() else " " for c in question.text[:200]).strip()
    as_of = question.as_of or datetime.datetime.now(datetime.UTC).date()
    widen = ("Type the question as plain text, for example: umn signs back pain",)
    result = Abstention(shown or "(unreadable)", "unreadable", why, (), (), widen, DISCLAIMER)
    return Outcome(result, None, Trace(), as_of.isoformat(), generations=generations)
