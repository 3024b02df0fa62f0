"""From a run to an article: the one place of the site that calls the core."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q

from consilium import __version__
from consilium.adapters.contract import codec
from consilium.api import follow_up_of
from consilium.domain.article import Article as Written
from consilium.domain.article import Support, SupportedClaim
from consilium.domain.question import Audience, Question
from consilium.pipeline.answer import World, answer
from consilium.pipeline.tailor import tailor
from consilium.pipeline.trace import Event, Outcome
from consilium.site.articles.audience import asked_for
from consilium.site.articles.knowledge import world
from consilium.site.articles.lease import held, renew
from consilium.site.articles.models import Article, Revision, Run
from consilium.site.articles.publishing import moment


def write(run: Run, tell: Callable[[str, str], None], cancelled: Callable[[], bool]) -> Article:
    """Answer a run's question and keep what came of it.

    Args:
        tell: told each stage and its words.
        cancelled: asked between stages whether to stop.

    Raises:
        Cancelled: ``cancelled`` said so.
        Superseded: another worker has taken the run over.
        ConsiliumError: the core could not answer.
    """
    made = world()
    earlier = follow_up_of(run.follows.current.document, made) if run.follows else None
    asked = Question(run.question, asked_for(run.audience), run.country or None)
    outcome: Outcome | None = None
    for step in answer(asked, made, follow_up=earlier, cancelled=cancelled):
        if isinstance(step, Event):
            tell(step.stage, step.said)
        elif isinstance(step, SupportedClaim) and step.support is Support.ENTAILED:
            tell("claim", step.claim.text)
        elif isinstance(step, Outcome):
            outcome = step
    assert outcome is not None  # noqa: S101 - the generator's promise
    document = codec.encode(outcome, made.lexicon, __version__, datetime.datetime.now(datetime.UTC))
    key = codec.digest(
        {
            "answer": document["id"],
            "plan": document["run"]["plan"],
            "generations": document["run"]["generations"],
            "version": __version__,
        }
    )
    existing = None if run.anew else _reusable(run, key)
    return existing or _kept(run, document, renderings_of(outcome, made), key)


def renderings_of(outcome: Outcome, made: World) -> dict[str, Any]:
    """The rendering for every audience; none for an abstention."""
    if not isinstance(outcome.result, Written):
        return {}
    worded = {a.value: tailor(outcome.result, a, made.lexicon) for a in Audience}
    if outcome.rendering:  # for whoever asked it may be in a model's words
        worded[outcome.rendering.audience] = outcome.rendering
    return {audience: codec.rendering_json(rendering) for audience, rendering in worded.items()}


def _reusable(run: Run, key: str) -> Article | None:
    """An article on the same plan and library that the asker may read: published, or their own."""
    mine = Q(article__owner=run.owner) if run.owner else Q(article__owner=None, article__session=run.session)
    found = (
        Revision.objects.filter(
            Q(article__published__isnull=False) | mine, plan_key=key, article__question=run.question
        )
        .filter(article__parent=run.follows, article__country=run.country)
        .exclude(article__review__status="withdrawn")
        .order_by("-created")
        .first()
    )
    return found.article if found else None


def _kept(run: Run, document: dict[str, Any], renderings: dict[str, Any], key: str) -> Article:
    plan = document["run"]["plan"] or {}
    with transaction.atomic():
        # Whoever has lost the run meanwhile keeps nothing; whoever holds it keeps one article.
        renew(run)
        # Whoever asked may have signed in meanwhile.
        run.refresh_from_db(fields=["owner", "session", "publish", "follows"])
        article = Article.objects.create(
            question=run.question,
            country=run.country,
            owner=run.owner,
            session=run.session,
            parent=run.follows,
            published=moment(run, document["kind"]),
            topics=plan.get("topics", []),
        )
        Revision.objects.create(
            article=article,
            number=1,
            kind=document["kind"],
            content_id=document["id"],
            document=document,
            renderings=renderings,
            plan_key=key,
        )
        held(run).update(article=article)
    return article
