"""An edit makes a new revision, is told apart, ends the approval, and is read by somebody else."""

from __future__ import annotations

import pytest
from tests.site.board.conftest import CROUP, approve, published, read_all

from consilium.domain.question import Audience
from consilium.domain.review import Status
from consilium.errors import EditRefused, InvalidMove, NotPermitted, NotReady, OwnArticle, StaleRevision
from consilium.pipeline.revising import statements, wordings
from consilium.site.articles import knowledge
from consilium.site.articles.models import Article, Revision
from consilium.site.editorial import moves, revising, tombstones
from consilium.site.editorial.models import Correction, Edit, Reading, Tombstone
from consilium.site.editorial.readings import standing_readings
from consilium.site.editorial.soundness import faults_of
from consilium.site.editorial.standing import standing_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(asked) -> Article:
    """One with statements that can be taken out."""
    return published(asked("Suspected cauda equina syndrome: which MRI?"))


def removable(article: Article) -> str:
    """A claim that stands alone: nothing opens with it, nothing is paired with it."""
    content = article.current.document["content"]
    opens = {*content["act_now"], *content["in_short"]}
    paired = {p for claim in content["claims"].values() for p in claim["pairs_with"]}
    items = [item["claims"] for section in content["sections"] for item in section["items"]]
    return next(
        claims[0]
        for claims in reversed(items)
        if len(claims) == 1
        and claims[0] not in opens | paired
        and not content["claims"][claims[0]]["pairs_with"]
    )


def remove(article: Article, by, **other) -> Revision:
    claim, lexicon = removable(article), knowledge.world().lexicon
    words = {"number": article.current.number, "note": "Beside the point.", "correction": ""}
    made, _ = revising.revise(
        article=article, by=by, edit=lambda m: statements.remove(m, claim, lexicon), **{**words, **other}
    )
    return made


def test_an_edit_makes_a_sound_revision_that_readers_see(article, editor):
    moves.take(article=article, by=editor)
    gone = removable(article)
    made = remove(article, editor)
    assert article.current == made
    assert made.number == 2
    assert gone not in made.document["content"]["claims"]
    assert faults_of(made) == []
    assert made.content_id == made.document["id"] != article.revisions.get(number=1).content_id


def test_an_edit_ends_the_approval_and_is_told_to_readers(approved, editor):
    with pytest.raises(revising.Untold):
        remove(approved, editor)
    remove(approved, editor, correction="A statement beside the point was taken out.")
    assert standing_of(approved).status is Status.NEEDS_RE_REVIEW
    assert [c.words for c in Correction.objects.all()] == ["A statement beside the point was taken out."]


def test_whoever_edited_cannot_approve(article, editor, reviewer):
    moves.take(article=article, by=reviewer)
    remove(article, editor)
    read_all(article, reviewer)
    with pytest.raises(OwnArticle):
        approve(article, editor)


def test_verdicts_on_what_did_not_change_count_on(article, editor, reviewer):
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer)
    before = len(article.current.document["content"]["claims"])
    made = remove(article, editor)
    kept = standing_readings(made)
    assert 0 < len(kept) < before
    assert {r.claim for r in kept} <= set(made.document["content"]["claims"])
    assert Reading.objects.filter(revision=made, carried=True).count() == len(kept)


def test_words_that_were_changed_have_to_be_read_by_the_approver(article, editor, reviewer, second):
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer, second)
    claim, lexicon = removable(article), knowledge.world().lexicon
    text = article.current.renderings["patient"]["claims"][claim]["text"]
    revising.revise(
        article=article,
        by=editor,
        number=1,
        edit=lambda m: wordings.word(m, claim, Audience.PATIENT, f"{text} Ask your team.", lexicon),
        note="Plainer.",
    )
    assert Edit.objects.get().claims == [claim]
    with pytest.raises(NotReady, match="of high risk or edited, and not yet read by you"):
        approve(article, second)
    read_all(article, second)
    approve(article, second)
    assert standing_of(article).approval.name == "Dr Stella"


def test_an_edit_that_would_break_the_article_is_refused_and_nothing_is_kept(article, editor):
    moves.take(article=article, by=editor)
    claim, lexicon = removable(article), knowledge.world().lexicon
    with pytest.raises(EditRefused):
        revising.revise(
            article=article,
            by=editor,
            number=1,
            edit=lambda m: statements.reword(m, claim, "Give 999 mg of paracetamol.", lexicon),
            note="Better.",
        )
    assert article.revisions.count() == 1


def test_only_an_editor_edits_and_nobody_their_own_question(article, reviewer, asked, editor):

    from consilium.site.articles.viewer import Viewer

    with pytest.raises(NotPermitted):
        remove(article, reviewer)
    with pytest.raises(OwnArticle):
        remove(published(asked(CROUP, by=Viewer(editor, ""), anew=True)), editor)


def test_an_edit_of_what_is_not_the_newest_any_more_is_refused(article, editor):
    moves.take(article=article, by=editor)
    remove(article, editor)
    with pytest.raises(StaleRevision):
        remove(article, editor, number=1)


def test_an_edit_needs_its_reason_and_a_review_that_has_begun(article, editor):
    with pytest.raises(moves.NoReason):
        remove(article, editor, note="  ")
    with pytest.raises(InvalidMove):
        remove(article, editor)
    assert article.revisions.count() == 1


def test_a_change_of_nothing_is_said_to_be_none(article, editor):
    moves.take(article=article, by=editor)
    with pytest.raises(revising.Unchanged):
        revising.revise(article=article, by=editor, number=1, edit=lambda m: m, note="Nothing.")


def test_an_edited_answer_is_given_to_nobody_else_as_theirs(article, editor, asked):
    moves.take(article=article, by=editor)
    remove(article, editor)
    assert article.current.plan_key == ""


def test_an_earlier_revision_can_be_deleted_and_leaves_its_stone(article, editor):
    moves.take(article=article, by=editor)
    remove(article, editor)
    first = article.revisions.get(number=1)
    stone = tombstones.erase(revision=first, by=editor, why="It held a name.")
    assert [r.number for r in article.revisions.all()] == [2]
    assert stone.content_id == first.content_id
    with pytest.raises(tombstones.Needed):
        tombstones.erase(revision=article.current, by=editor, why="All of it.")


def test_an_article_that_its_asker_deletes_leaves_its_stones(asked, person, reviewer):

    from consilium.site.articles import belongings, publishing
    from consilium.site.articles.viewer import Viewer

    viewer = Viewer(person, "")
    article = published(asked(CROUP, by=viewer))
    moves.take(article=article, by=reviewer)
    publishing.unpublish(article=article, by=viewer)
    article.refresh_from_db()
    belongings.delete_article(article=article, by=viewer)
    assert not Article.objects.filter(pk=article.pk).exists()
    assert [s.number for s in Tombstone.objects.filter(article=article.pk)] == [1]
