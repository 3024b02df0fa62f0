"""Acts that meet: one of them counts, the other is told so, and no verdict and no row of the log is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from tests.site.board.conftest import published, read_all
from tests.site.board.small import QUESTION, Written, cut

from consilium.domain.review import TICKS, WHOLE, Status, Verdict
from consilium.errors import EditorialError, InvalidMove, StaleRevision
from consilium.pipeline.revising import statements
from consilium.site.articles import knowledge
from consilium.site.audit.models import AuditEntry
from consilium.site.audit.verifying import verify
from consilium.site.editorial import approving, evidence, moves, readings, revising
from consilium.site.editorial.models import Approval, Decision, Reading, Review
from consilium.site.editorial.standing import standing_of

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]
# In SQLite whoever is second waits for the first, however long that one is held up.
PATIENCE = 0.7


class Thread(threading.Thread):
    """Does one act over a connection of its own, and keeps how it was refused."""

    def __init__(self, act: Act, gate: threading.Barrier | None = None) -> None:
        super().__init__()
        self.refused: Exception | None = None
        self._act, self._gate = act, gate
        self.start()

    def run(self) -> None:
        try:
            if self._gate:
                self._gate.wait(30)
            self._act()
        except Exception as fault:  # noqa: BLE001 - the test looks at it
            self.refused = fault
        finally:
            connection.close()


def at_once(*acts: Act) -> list[Exception | None]:
    gate = threading.Barrier(len(acts))
    return ended([Thread(act, gate) for act in acts])


def ended(threads: list[Thread]) -> list[Exception | None]:
    for thread in threads:
        thread.join(60)
        assert thread.refused is None or isinstance(thread.refused, EditorialError), thread.refused
    return [thread.refused for thread in threads]


@pytest.fixture
def meanwhile(monkeypatch):
    """Do one act, and another in the middle of it, where it calls a function by name."""

    def both(first: Act, module: object, name: str, then: Act) -> list[Exception | None]:
        real, threads = getattr(module, name), []

        def held_up(*values, **more):
            if not threads:
                threads.append(Thread(then))
                threads[0].join(PATIENCE)
            return real(*values, **more)

        monkeypatch.setattr(module, name, held_up)
        begun = Thread(first)
        begun.join(60)
        monkeypatch.setattr(module, name, real)
        return ended([begun, *threads])

    return both


@pytest.fixture
def article(asked, reviewer, second, editor, member):
    """One under review, which three people have read."""
    made = published(cut(asked(QUESTION)))
    moves.take(article=made, by=reviewer)
    read_all(made, reviewer, second, editor)
    return made


def approval(article, by) -> Act:
    """The form as it stands now, to be sent later."""
    version = Review.objects.get(article=article).version
    form = {"number": 1, "looked": WHOLE, "attested": True, "conflicts": "None"}
    return lambda: approving.approve(article=article, by=by, version=version, **form)


def refusal(article, by, source: str = "") -> Act:
    """Say no to a statement: the first, or the first that rests on a source."""
    content = article.current.document["content"]
    numbers = {r["number"] for r in content["references"] if not source or r["source"] == source}
    claims = content["claims"].items()
    claim = next(name for name, body in claims if any(c["reference"] in numbers for c in body["citations"]))
    said = {"verdict": Verdict.REMOVE, "note": "Not in the source.", "ticks": TICKS}
    return lambda: readings.give(article=article, number=1, claim=claim, by=by, **said)


def edit(article, by) -> Act:
    lexicon = knowledge.world().lexicon
    words = {"number": 1, "note": "Said what is missing.", "correction": ""}
    return lambda: revising.revise(
        article=article, by=by, edit=lambda m: statements.leave_out(m, ["Nothing on cost"], lexicon), **words
    )


def follow() -> None:
    """As a worker does it: again, where somebody came between."""
    for _ in range(5):
        try:
            evidence.follow()
        except StaleRevision:
            continue
        return


def rows(article) -> int:
    """How many rows the log has beyond the first: the article was taken, and read by three people."""
    assert verify().sound
    return AuditEntry.objects.count() - 1 - 3 * len(article.current.document["content"]["claims"])


def test_of_two_who_approve_at_once_one_approves(article, second, editor):
    refused = at_once(approval(article, second), approval(article, editor))
    assert sorted(map(bool, refused)) == [False, True]
    assert Approval.objects.count() == Decision.objects.filter(move="approve").count() == rows(article) == 1
    assert standing_of(article).status is Status.APPROVED


def test_of_two_approvals_that_have_looked_at_the_same_one_counts(article, second, editor, meanwhile):
    refused = meanwhile(approval(article, second), approving, "hindrances", approval(article, editor))
    assert sorted(map(bool, refused)) == [False, True]
    assert Approval.objects.count() == rows(article) == 1


@pytest.mark.parametrize("name", ["hindrances", "make"])
def test_a_refusal_in_the_middle_of_an_approval_is_never_passed_over(
    article, reviewer, second, meanwhile, name
):
    refused = meanwhile(approval(article, second), approving, name, refusal(article, reviewer))
    assert sorted(map(bool, refused)) == [False, True]
    approved = standing_of(article).status is Status.APPROVED
    assert approved != Reading.objects.filter(verdict=Verdict.REMOVE).exists()
    assert rows(article) == 1


@pytest.mark.parametrize("name", ["hindrances", "make"])
def test_an_edit_in_the_middle_of_an_approval_leaves_no_badge_on_new_words(
    article, second, editor, meanwhile, name
):
    refused = meanwhile(approval(article, second), approving, name, edit(article, editor))
    assert sorted(map(bool, refused)) == [False, True]
    assert (standing_of(article).status is Status.APPROVED) == (article.current.number == 1)
    assert rows(article) == 1


def test_an_edit_of_what_was_approved_meanwhile_is_not_kept_from_readers(article, second, editor, meanwhile):
    refused = meanwhile(edit(article, editor), revising, "edited", approval(article, second))
    assert isinstance(refused[0], revising.Untold)
    assert refused[1] is None
    assert article.current.number == 1
    assert standing_of(article).status is Status.APPROVED
    assert rows(article) == 1


@pytest.mark.parametrize("name", ["make", "carry"])
def test_a_refusal_in_the_middle_of_an_edit_is_carried_over_or_told(
    article, reviewer, editor, meanwhile, name
):
    refused = meanwhile(edit(article, editor), revising, name, refusal(article, reviewer))
    stands = Reading.objects.filter(revision=article.current, verdict=Verdict.REMOVE, stale=False).exists()
    assert stands == (refused[1] is None)
    assert rows(article) == 2 - sum(map(bool, refused))


@pytest.fixture
def retracted(article, monkeypatch) -> str:
    """A source of it, which the library has just said is retracted."""
    source = article.current.document["content"]["references"][0]["source"]
    Written(monkeypatch).retract(source)
    return source


def still_counted(article) -> set[str]:
    """The statements that rest on what was retracted, and of which an old verdict counts nevertheless."""
    claims = article.current.document["content"]["claims"]
    resting = [name for name, body in claims.items() if any(c["reference"] == 1 for c in body["citations"])]
    kept = Reading.objects.filter(revision=article.current, stale=False, claim__in=resting)
    assert resting
    return set(kept.values_list("claim", flat=True))


@pytest.mark.parametrize("name", ["hindrances", "make"])
def test_no_approval_outlives_a_retraction_in_the_middle_of_it(article, retracted, second, meanwhile, name):
    meanwhile(approval(article, second), approving, name, follow)
    follow()
    assert standing_of(article).status is Status.NEEDS_RE_REVIEW
    assert still_counted(article) == set()
    assert rows(article) == Decision.objects.count() - 1


@pytest.mark.parametrize("name", ["make", "carry"])
def test_no_verdict_outlives_a_retraction_in_the_middle_of_an_edit(
    article, retracted, editor, meanwhile, name
):
    meanwhile(edit(article, editor), revising, name, follow)
    follow()
    assert still_counted(article) == set()
    assert rows(article) == Decision.objects.count() - 1


def test_no_verdict_outlives_a_retraction_that_it_comes_into(article, retracted, member, meanwhile):
    # Somebody who has not read it yet: there is no row that the two would wait for.
    meanwhile(follow, evidence, "make", refusal(article, member("nora", "reviewer"), retracted))
    follow()
    assert still_counted(article) == set()
    assert standing_of(article).status is Status.NEEDS_RE_REVIEW


def test_of_two_who_take_at_once_one_takes(asked, reviewer, second):
    made = published(cut(asked(QUESTION)))
    refused = at_once(*(lambda who=who: moves.take(article=made, by=who) for who in (reviewer, second)))
    (told,) = filter(None, refused)
    assert isinstance(told, (InvalidMove, StaleRevision))
    assert Decision.objects.count() == AuditEntry.objects.count() == 1
    assert Review.objects.get().taken_by in {reviewer, second}


def test_when_everybody_acts_at_once_every_act_has_its_row(article, retracted, reviewer, second, editor):
    withdrawal = {"article": article, "by": editor, "why": "It misses a contraindication."}
    acts = (
        approval(article, second),
        refusal(article, reviewer),
        edit(article, editor),
        lambda: moves.release(article=article, by=reviewer),
        lambda: moves.request_changes(article=article, by=second, note="Say more."),
        lambda: moves.withdraw(**withdrawal),
    )
    at_once(*acts)
    decided = list(Decision.objects.order_by("id"))
    assert [d.before for d in decided[1:]] == [d.after for d in decided[:-1]]
    assert Review.objects.get().status == decided[-1].after
    refusals = AuditEntry.objects.filter(action="claim.read", details__verdict="remove").count()
    assert rows(article) == len(decided) - 1 + refusals
    assert (standing_of(article).approval is None) == (decided[-1].move != "approve")
