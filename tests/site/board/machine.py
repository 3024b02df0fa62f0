"""Everything that people do to one article, each act held against the plain rules."""

from __future__ import annotations

from django.db import transaction
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)
from tests.site.board.conftest import kept
from tests.site.board.plain import ASKER, EDITORS, EVERYBODY, REVIEWERS, Plain
from tests.site.board.small import Written, rests_on

from consilium.domain.question import Audience
from consilium.domain.review import TICKS, WHOLE, Move, Status, Verdict
from consilium.errors import EditorialError, EditRefused
from consilium.pipeline.revising import statements, wordings
from consilium.pipeline.risk import risks_of
from consilium.site.articles import belongings, knowledge, publishing
from consilium.site.articles.models import Article
from consilium.site.articles.viewer import Viewer
from consilium.site.audit.recording import pseudonym
from consilium.site.editorial import approving, evidence, moves, readings, revising, tombstones

WHO, ANY = st.sampled_from(EVERYBODY), st.integers(0, 2)
# Mostly what should succeed: else nothing ever gets far.
FIT = st.sampled_from([True, True, True, False])
WORDS = st.sampled_from(["Because.", "Because.", "Because.", ""])
ENDS = {Status.APPROVED, Status.WITHDRAWN}
ODD = st.sampled_from(["", "", "", "", "number", "version", "looked", "attested", "conflicts"])


def open_to_the_board(self) -> bool:
    return self.plain.there and self.plain.public


class Acts(RuleBasedStateMachine):
    """One article in the hands of a board of five, one of whom asked."""

    article: Article
    people: dict
    library: Written

    def __init__(self) -> None:
        super().__init__()
        self.held = transaction.atomic()
        self.held.__enter__()
        self.library.written.clear()
        content = self.article.current.document["content"]
        risky = frozenset(name for name, why in risks_of(content).items() if why)
        self.plain = Plain(sources=rests_on(self.article), risky=risky)
        self.claims, self.works = sorted(content["claims"]), sorted(self.plain.sources.values())
        self.actors = {pseudonym(person): name for name, person in self.people.items()}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.held.__exit__(None, None, None)

    def doing(self, act, *, expected: bool, **words) -> bool:
        """Act, and hold what comes of it against what was expected; a refusal leaves everything as it was."""
        before = kept(self.article)
        try:
            with transaction.atomic():
                act(**words)
        except EditRefused:  # what the contract does not allow, the plain rules do not know
            done, expected, said = False, False, None
        except EditorialError as refused:
            done, said = False, refused
        else:
            done, said = True, None
        assert done == expected, (act, words, said)
        assert done or kept(self.article) == before
        return done

    def moving(self, move: Move, act, who: str, *, expected: bool, **words) -> None:
        if self.doing(act, expected=expected, article=self.fresh(), by=self.people[who], **words):
            self.plain.moved(move)

    def one(self, who: str, fit: bool, allowed) -> str:
        """Somebody who may, if that is wished and there is anybody."""
        able = [name for name in EVERYBODY if allowed(name)] if fit else []
        return able[EVERYBODY.index(who) % len(able)] if able else who

    @initialize(far=st.integers(0, 5), first=WHO, then=WHO)
    def begin(self, far, first, then):
        if far:
            self.go_the_whole_way(first, then, fit=True)
        if far > 2:
            do = ["gaps", "word", "word"][far - 3]
            self.revise(first, 0, do, "Because.", "Because.", late=False, fit=True)
        if far > 4:
            self.go_the_whole_way(first, then, fit=True)

    def fresh(self) -> Article:
        return Article.objects.get(pk=self.article.pk)

    def viewer(self, who: str) -> Viewer:
        return Viewer(self.people[who], "")

    @precondition(open_to_the_board)
    @rule(who=WHO, fit=FIT)
    def take(self, who, fit=False):
        who = self.one(who, fit, self.plain.may_take)
        self.moving(Move.TAKE, moves.take, who, expected=self.plain.may_take(who))

    @precondition(open_to_the_board)
    @rule(who=WHO)
    def release(self, who):
        expected = who in REVIEWERS and self.plain.can(Move.RELEASE)
        self.moving(Move.RELEASE, moves.release, who, expected=expected)

    @precondition(open_to_the_board)
    @rule(who=WHO, note=WORDS)
    def request_changes(self, who, note):
        expected = who in REVIEWERS - {ASKER} and bool(note) and self.plain.can(Move.REQUEST_CHANGES)
        self.moving(Move.REQUEST_CHANGES, moves.request_changes, who, expected=expected, note=note)

    @precondition(open_to_the_board)
    @rule(
        who=WHO,
        n=ANY,
        verdict=st.sampled_from(Verdict),
        late=st.sampled_from([False, False, True]),
        whole=FIT,
    )
    def read(self, who, n, verdict, late=False, whole=True):
        number, claim = self.plain.number - late, self.claims[n]
        expected = self.plain.may_read(who, claim, number, whole)
        words = {"ticks": TICKS, "note": "So."} if whole else {}
        told = {"article": self.fresh(), "number": number, "claim": claim, "by": self.people[who]}
        if self.doing(readings.give, expected=expected, verdict=verdict, **told, **words):
            self.plain.read(who, claim, verdict)

    @precondition(
        lambda self: self.plain.there and self.plain.public and self.plain.status is Status.UNDER_REVIEW
    )
    @rule(who=WHO)
    def read_all(self, who):
        for n in range(len(self.claims)):
            self.read(who, n, Verdict.SUPPORTED)

    @precondition(open_to_the_board)
    @rule(
        who=st.sampled_from(sorted(EDITORS | {"rona"})),
        n=ANY,
        do=st.sampled_from(["remove", "word", "gaps"]),
        note=WORDS,
        correction=WORDS,
        late=st.sampled_from([False, False, False, True]),
        fit=FIT,
    )
    def revise(self, who, n, do, note, correction, late, fit):
        who = self.one(
            who, fit, lambda name: self.plain.may_revise(name, self.plain.number, note, correction)
        )
        claim, lexicon, at = self.claims[n], knowledge.world().lexicon, self.plain.number
        if do != "gaps" and claim not in self.plain.sources:
            return
        text = self.fresh().current.renderings["patient"]["claims"].get(claim, {}).get("text")
        edits = {
            "remove": lambda m: statements.remove(m, claim, lexicon),
            "word": lambda m: wordings.word(m, claim, Audience.PATIENT, f"{text} Ask your team.", lexicon),
            "gaps": lambda m: statements.leave_out(m, [f"Nothing was sought on point {at}"], lexicon),
        }
        expected = self.plain.may_revise(who, at - late, note, correction)
        words = {"number": at - late, "edit": edits[do], "note": note, "correction": correction}
        if self.doing(revising.revise, expected=expected, article=self.fresh(), by=self.people[who], **words):
            named = {"remove": {"gone": claim}, "word": {"worded": claim}}.get(do, {})
            self.plain.revised(who, correction, **named)

    @precondition(open_to_the_board)
    @rule(who=WHO, odd=ODD, fit=FIT)
    def approve(self, who, odd="", fit=False):
        who = self.one(who, fit, self.plain.may_approve)
        words = {
            "number": self.plain.number - (odd == "number"),
            "version": self.plain.version - (odd == "version"),
            "looked": list(WHOLE)[odd == "looked" :],
            "attested": odd != "attested",
            "conflicts": "" if odd == "conflicts" else "None",
        }
        expected = not odd and self.plain.may_approve(who)
        if self.doing(
            approving.approve, expected=expected, article=self.fresh(), by=self.people[who], **words
        ):
            self.plain.approved(who)

    @precondition(open_to_the_board)
    @rule(first=WHO, then=WHO, fit=FIT)
    def go_the_whole_way(self, first, then, fit):
        then = self.one(then, fit, (REVIEWERS - self.plain.authors).__contains__)
        first = self.one(first, fit, (REVIEWERS - {ASKER, then}).__contains__)
        self.take(first)
        if self.plain.status is Status.UNDER_REVIEW:
            self.read_all(first)
            self.read_all(then)
        self.approve(then)

    @precondition(lambda self: self.plain.there)
    @rule(n=ANY)
    def evidence_changes(self, n):
        self.library.retract(self.works[n])
        assert evidence.follow() == (self.works[n] in self.plain.sources.values())
        self.plain.evidence_changed(self.works[n])

    @precondition(open_to_the_board)
    @rule(who=WHO, why=WORDS)
    def withdraw(self, who, why):
        expected = who in EDITORS and bool(why) and self.plain.can(Move.WITHDRAW)
        self.moving(Move.WITHDRAW, moves.withdraw, who, expected=expected, why=why)

    @precondition(lambda self: self.plain.there and self.plain.public and self.plain.status in ENDS)
    @rule(who=WHO, note=WORDS)
    def restore(self, who, note):
        expected = who in EDITORS and bool(note) and self.plain.can(Move.RESTORE)
        self.moving(Move.RESTORE, moves.restore, who, expected=expected, note=note)

    @precondition(lambda self: self.plain.there and self.plain.public and self.plain.number > 1)
    @rule(who=WHO, n=ANY, why=WORDS, fit=FIT)
    def erase(self, who, n, why, fit):
        who = self.one(who, fit, EDITORS.__contains__)
        number = sorted(self.plain.live)[n % len(self.plain.live)]
        expected = self.plain.may_erase(who, number, why)
        revision = self.article.revisions.get(number=number)
        if self.doing(tombstones.erase, expected=expected, revision=revision, by=self.people[who], why=why):
            self.plain.erased(number)

    @precondition(lambda self: self.plain.there)
    @rule(who=st.sampled_from([ASKER, ASKER, "rona"]))
    def change_who_reads(self, who):
        article, by = self.fresh(), self.viewer(who)
        if self.plain.public:
            done = self.doing(publishing.unpublish, expected=who == ASKER, article=article, by=by)
        else:
            words = {"article": article, "by": by, "question": article.question}
            done = self.doing(publishing.publish, expected=who == ASKER, **words)
        self.plain.public ^= done

    @precondition(lambda self: self.plain.there and (not self.plain.public or self.plain.status in ENDS))
    @rule(who=st.sampled_from([ASKER, "rona", "edith"]))
    def delete(self, who):
        expected = who == ASKER and not self.plain.public
        if self.doing(
            belongings.delete_article, expected=expected, article=self.fresh(), by=self.viewer(who)
        ):
            self.plain.deleted()

    @rule()
    def a_stranger_looks(self):
        answer = Client().get(f"/articles/{self.article.pk}/")
        body = answer.content.decode()
        if not (self.plain.there and self.plain.public):
            assert answer.status_code == 404
        elif self.plain.status is Status.WITHDRAWN:
            assert answer.status_code == 410
        else:
            assert ("Approved by" in body) == bool(self.plain.held)
            assert ("reviewedBy" in body) == bool(self.plain.held)
            assert ("pending human review" in body) != bool(self.plain.held)
