"""Any order of acts by anybody: the site does what the plain rules say, and never more."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from tests.site.board.conftest import published
from tests.site.board.machine import Acts
from tests.site.board.plain import ASKER, EVERYBODY, REVIEWERS
from tests.site.board.small import QUESTION, Written, cut

from consilium.domain.review import MOVES, Move, Status
from consilium.site.articles.viewer import Viewer
from consilium.site.audit.models import AuditEntry
from consilium.site.audit.recording import pseudonym
from consilium.site.audit.verifying import verify
from consilium.site.editorial import moves, readings
from consilium.site.editorial.models import Approval, Correction, Decision, Edit, Reading, Review, Tombstone
from consilium.site.editorial.standing import review_of, standing_of

pytestmark = pytest.mark.django_db


class Board(Acts):
    """What holds after every act."""

    @invariant()
    def the_log_has_a_row_for_each_act_and_holds(self):
        assert AuditEntry.objects.count() == self.plain.rows
        assert verify().sound

    @invariant()
    def it_stands_where_the_table_says(self):
        if not self.plain.there:
            assert not any(model.objects.exists() for model in (Review, Decision, Approval, Reading, Edit))
            assert set(Tombstone.objects.values_list("number", flat=True)) >= self.plain.live
            return
        article, review = self.fresh(), Review.objects.get()
        said, standing = review_of(article.current), standing_of(article)
        assert (review.status, review.version, article.current.number) == (
            self.plain.status, self.plain.version, self.plain.number,
        )  # fmt: skip
        assert standing.status is self.plain.status
        assert said["status"] == self.plain.status
        assert bool(said["covers"]) == bool(standing.approval) == bool(self.plain.held)
        assert bool(self.plain.held) == (self.plain.status is Status.APPROVED)
        assert Correction.objects.count() == self.plain.corrections
        assert set(article.current.document["content"]["claims"]) == set(self.plain.sources)

    @invariant()
    def everybody_may_approve_whom_the_plain_rules_let(self):
        if self.plain.there:
            article = self.fresh()
            assert moves.authors(article) == {self.people[who].pk for who in self.plain.authors}
            for who in REVIEWERS:
                nothing_left = not readings.hindrances(article.current, self.people[who])
                assert nothing_left == self.plain.two_people(who), who

    @invariant()
    def every_decision_is_somebody_s_and_follows_the_one_before(self):
        if not self.plain.there:
            return
        decisions, before = list(Decision.objects.order_by("id")), Status.SUBMITTED
        assert len(decisions) == self.plain.decisions
        for one in decisions:
            assert one.at
            assert one.before == before
            assert MOVES[Status(one.before), Move(one.move)] == one.after
            assert (one.actor in self.actors) == (one.by is not None)
            assert one.by is not None or (one.actor, one.move) == ("library", Move.EVIDENCE_CHANGED)
            before = Status(one.after)

    @invariant()
    def what_is_approved_was_read_by_two_people_of_whom_none_approves_their_own(self):
        if self.plain.held:
            by = self.actors[Approval.objects.latest("pk").decision.actor]
            assert by == self.plain.held
            assert by not in self.plain.authors
            assert self.plain.two_people(by)


def test_whatever_people_do_in_whatever_order_the_rules_hold(asked, member, monkeypatch):
    roles = {"rona": "reviewer", "stella": "reviewer", "otto": "operator"}
    people = {who: member(who, roles.get(who, "editor"), factor=False) for who in EVERYBODY}
    article = published(cut(asked(QUESTION, by=Viewer(people[ASKER], ""))))
    held = {"article": article, "people": people, "library": Written(monkeypatch)}
    for person in people.values():
        pseudonym(person)
    run_state_machine_as_test(
        type("This", (Board,), held),
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
