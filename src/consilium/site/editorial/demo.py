"""A board of invented people and an article in every status, so that a newcomer sees the whole life of one.

Everything is done by the same actions as in earnest, with the same checks. The people say of
themselves, wherever they are named, that they are invented: nothing that they "approve" was reviewed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from consilium.domain.question import Audience
from consilium.domain.review import TICKS, WHOLE, Verdict
from consilium.pipeline.revising import wordings
from consilium.site.accounts.models import Membership, User
from consilium.site.accounts.roles import Editor, Operator, Reviewer
from consilium.site.articles import knowledge
from consilium.site.articles.models import Article
from consilium.site.editorial import moves, readings, revising
from consilium.site.editorial.approving import approve
from consilium.site.editorial.models import BoardMember, Review

_PEOPLE = (
    ("reviewer", "Dr Ada Example (invented)", Reviewer),
    ("second", "Dr Ben Sample (invented)", Reviewer),
    ("editor", "Prof. Cy Specimen (invented)", Editor),
    ("operator", "Dee Placeholder (invented)", Operator),
)
_INVENTED = "Invented for the demonstration; no clinician has reviewed anything here."


def addresses() -> tuple[str, ...]:
    """By which the invented people sign in."""
    return tuple(f"{name}@demo.invalid" for name, _, _ in _PEOPLE)


def fill(questions: Sequence[str], *, may_sign_in: bool) -> str | None:
    """Make the board and put one article into every status, once.

    Args:
        questions: six that are answered and published, for the statuses in their order.
        may_sign_in: whether the invented people get a password.

    Returns:
        The password of all of them; None where there is none, or where all this is there already.
    """
    if User.objects.filter(email__in=addresses()).exists():
        return None
    word = secrets.token_urlsafe(12) if may_sign_in else None
    board = {name: _person(name, shown, role.key(), word) for name, shown, role in _PEOPLE}
    moves.admit()
    lives: tuple[Callable[[Article, dict[str, User]], None], ...] = (
        _under_review, _needs_re_review, _approved, _changes_requested, _withdrawn,
    )  # fmt: skip
    for question, live in zip(questions, lives, strict=False):
        article = Article.objects.filter(question=question, published__isnull=False).first()
        if article:
            live(article, board)
    return word


def _person(name: str, shown: str, role: str, word: str | None) -> User:
    person = User.objects.create_user(f"{name}@demo.invalid", word)
    Membership.objects.create(user=person, role=role)
    BoardMember.objects.create(
        user=person, name=shown, affiliation="No hospital", conflicts=_INVENTED, fictitious=True
    )
    return person


def _read(article: Article, by: User, share: float = 1.0) -> None:
    revision = article.current
    claims = readings.ordered(revision.document["content"])
    for claim in claims[: round(len(claims) * share)]:
        readings.give(
            article=article,
            number=revision.number,
            claim=claim,
            by=by,
            verdict=Verdict.SUPPORTED,
            ticks=TICKS,
        )


def _under_review(article: Article, board: dict[str, User]) -> None:
    moves.take(article=article, by=board["reviewer"])
    _read(article, board["reviewer"], 0.4)


def _approved(article: Article, board: dict[str, User]) -> None:
    moves.take(article=article, by=board["reviewer"])
    _read(article, board["reviewer"])
    _read(article, board["second"])
    approve(
        article=article,
        by=board["second"],
        number=article.current.number,
        version=Review.objects.get(article=article).version,
        looked=WHOLE,
        attested=True,
        conflicts=_INVENTED,
    )


def _needs_re_review(article: Article, board: dict[str, User]) -> None:
    """Approved, and then edited: that ends an approval."""
    _approved(article, board)
    revision = article.current
    claim = readings.ordered(revision.document["content"])[0]
    text = revision.renderings[Audience.PATIENT.value]["claims"][claim]["text"]
    lexicon = knowledge.world().lexicon
    revising.revise(
        article=article,
        by=board["editor"],
        number=revision.number,
        edit=lambda m: wordings.word(m, claim, Audience.PATIENT, f"{text} Ask your own team.", lexicon),
        note="Plainer for patients (demonstration).",
        correction="The wording of one statement for patients was made plainer (demonstration).",
    )


def _changes_requested(article: Article, board: dict[str, User]) -> None:
    moves.take(article=article, by=board["reviewer"])
    _read(article, board["reviewer"], 0.5)
    moves.request_changes(
        article=article,
        by=board["reviewer"],
        note="Please say in the gaps what is not covered (demonstration).",
    )


def _withdrawn(article: Article, board: dict[str, User]) -> None:
    why = "Withdrawn for the demonstration: this is how readers learn that an article is gone."
    moves.withdraw(article=article, by=board["editor"], why=why)
