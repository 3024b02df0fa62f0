"""The public way in: one question, one answer in the JSON of the contract."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from consilium import __version__, wiring
from consilium.adapters.contract import codec
from consilium.domain.question import FollowUp, Intent, Question
from consilium.errors import MalformedArticle
from consilium.pipeline.answer import World, answer
from consilium.pipeline.asker import presumed
from consilium.pipeline.trace import Outcome, Step


def ask(
    question: Question | str, *, library: Path | None = None, follow_up: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Answer a question; with the language model that the settings name, if they do.

    Args:
        question: what is asked; a string in the first person of a lay person is asked for a patient,
            any other for a clinician.
        library: the library folder; by default that of the settings.
        follow_up: the earlier answer that this question follows.

    Returns:
        The object of the article contract (``docs/reference/article.md``).

    Raises:
        QuestionError: the question cannot be read.
        LibraryError: the library cannot be used.
    """
    asked = Question(question, presumed(question)) if isinstance(question, str) else question
    world = _kept(library)()
    earlier = follow_up_of(follow_up, world) if follow_up else None
    return encoded(outcome_of(asked, world, earlier), world)


@lru_cache(maxsize=4)
def _kept(library: Path | None) -> wiring.Kept:
    return wiring.Kept(library, writes=True)


def outcome_of(
    question: Question,
    world: World,
    follow_up: FollowUp | None = None,
    tell: Callable[[Step], None] = lambda _: None,
) -> Outcome:
    """Run the pipeline to its end; ``tell`` hears of each step as it happens."""
    last: Step | None = None
    for last in answer(question, world, follow_up=follow_up):
        tell(last)
    assert isinstance(last, Outcome)  # noqa: S101 - the generator's promise
    return last


def encoded(outcome: Outcome, world: World) -> dict[str, Any]:
    """An outcome in the JSON of the contract, stamped with the time now."""
    return codec.encode(outcome, world.lexicon, __version__, datetime.datetime.now(datetime.UTC))


def follow_up_of(article: dict[str, Any], world: World) -> FollowUp:
    """What an earlier answer leaves to a question that follows it.

    Raises:
        MalformedArticle: it has no plan to follow.
    """
    plan = (article.get("run") or {}).get("plan")
    if not plan or "id" not in article:
        raise MalformedArticle("The article to follow has no plan; give the JSON of an answer.")
    by_name = world.lexicon.by_name

    def ids(names: list[str]) -> tuple[str, ...]:
        return tuple(by_name[name] for name in names if name in by_name)

    return FollowUp(
        article_id=article["id"],
        question=article["content"]["question"],
        plan_topics=ids(plan["topics"]),
        plan_population=ids((plan["population"] or "").split(", ")),
        plan_interventions=ids(plan["intervention"]),
        plan_intent=Intent(plan["intents"][0]) if plan["intents"] else None,
    )
