"""Write the database of a small made-up site as SQL, for later versions to open: ``tests/fixtures/site-VERSION``.

Run it once for a version, before its release; a fixture that was released is never written again.
Nobody in it exists: all addresses are of example.org. Clock and chance are fixed, so that two runs
of one version give the same file.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import random
import secrets
import sqlite3
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from consilium import __version__

if TYPE_CHECKING:
    from consilium.site.accounts.models import User
    from consilium.site.articles.models import Article, Revision

FOLDER = Path(__file__).resolve().parents[1] / "tests/fixtures"
OURS = ("accounts", "articles", "editorial", "api", "audit")
QUESTION = "Does dexamethasone help in croup?"
EDITED = "Suspected cauda equina syndrome: which MRI?"
NO_ANSWER = "How do I change a bicycle tyre?"
_SEED = 20260105


class _Clock(datetime.datetime):
    """Begins on a Monday in January and goes on by a second whenever it is read."""

    _read = datetime.datetime(2026, 1, 5, 9, 0, tzinfo=datetime.UTC)

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        """The next second."""
        _Clock._read += datetime.timedelta(seconds=1)
        return cls._read.astimezone(tz)


def main() -> None:
    """Make the site in a folder of its own, and write down what is in its database."""
    with tempfile.TemporaryDirectory() as folder:
        _set_up(Path(folder))
        from django.core.management import call_command  # noqa: PLC0415 - needs Django
        from django.db import connection  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        _fill()
        _nothing_is_missing()
        connection.close()
        target = FOLDER / f"site-{'.'.join(__version__.split('.')[:2])}" / "site.sql"
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(Path(folder) / "site.sqlite3")) as kept:
            target.write_text("\n".join(kept.iterdump()) + "\n", "utf-8")
    sys.stdout.write(f"{target}: {target.stat().st_size // 1000} kB\n")


def _set_up(folder: Path) -> None:
    os.environ |= {
        "CONSILIUM_DATA_DIR": str(folder),
        "CONSILIUM_SECRET_KEY": "made up for a fixture, and the secret of no site " * 2,
        "DJANGO_SETTINGS_MODULE": "consilium.site.settings",
    }
    os.environ.pop("DATABASE_URL", None)
    import django  # noqa: PLC0415 - reads the settings named above
    from django.conf import settings  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    chance = random.Random(_SEED)  # noqa: S311 - nothing here is to be kept secret
    timezone.datetime = _Clock  # type: ignore[attr-defined,misc]
    from consilium.pipeline import answer, enquiry  # noqa: PLC0415
    from consilium.site.articles import writing  # noqa: PLC0415

    for module in (answer, enquiry, writing):
        module.datetime = SimpleNamespace(**{**vars(datetime), "datetime": _Clock})  # type: ignore[attr-defined]
    os.urandom = chance.randbytes  # type: ignore[assignment]
    random._urandom = chance.randbytes  # type: ignore[attr-defined]  # noqa: SLF001 - what `secrets` draws from
    assert uuid.uuid4() != uuid.uuid4()  # noqa: S101 - still by chance, but always the same
    assert secrets.token_hex(4)  # noqa: S101


def _fill() -> None:
    from consilium.site.articles.viewer import Viewer  # noqa: PLC0415 - needs Django

    asker, board = _person("ada"), _board()
    _belongings(asker, board["operator"])
    reviewer, second, editor = board["reviewer"], board["second"], board["editor"]
    _asked(QUESTION, Viewer(None, "a session that is gone"), public=True)  # stays submitted
    _under_review(_asked(QUESTION), reviewer)
    _sent_back(_asked(QUESTION), reviewer)
    _approved(_asked(QUESTION, Viewer(asker, ""), public=True), reviewer, second)
    _edited(_asked(EDITED), reviewer, second, editor)
    _withdrawn(_asked(QUESTION), editor)
    _asked(NO_ANSWER, Viewer(asker, ""), public=False)
    _followed()


def _person(name: str, *roles: str) -> User:
    from allauth.account.models import EmailAddress  # noqa: PLC0415 - needs Django

    from consilium.site.accounts.models import Membership, User  # noqa: PLC0415

    person = User.objects.create_user(f"{name}@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    for role in roles:
        Membership.objects.create(user=person, role=role)
    return person


def _board() -> dict[str, User]:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415 - needs Django
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: PLC0415

    from consilium.site.editorial.models import BoardMember  # noqa: PLC0415

    board = {
        "operator": _person("otto", "operator"),
        "reviewer": _person("rona", "reviewer"),
        "second": _person("stella", "reviewer"),
        "editor": _person("edith", "editor"),
    }
    for person in board.values():
        name = person.email.partition("@")[0].title()
        BoardMember.objects.create(
            user=person, name=f"Dr {name} (made up)", conflicts="None", fictitious=True
        )
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
    return board


def _belongings(asker: User, operator: User) -> None:
    """What else there is of people: a token, an invitation, a link, somebody who was switched off."""
    from consilium.site.accounts import inviting, joining, people  # noqa: PLC0415 - needs Django
    from consilium.site.api import tokens  # noqa: PLC0415

    tokens.create(name="A program", scopes=["read", "ask"], days=365, by=asker)
    inviting.invite(email="ines@example.org", roles=["reviewer"], by=operator)
    joining.new_operator_link()
    people.deactivate(person=_person("oskar", "reviewer"), by=operator)


def _asked(question: str, by: Any = None, *, public: bool = True) -> Article:
    from django.utils import timezone  # noqa: PLC0415 - needs Django

    from consilium.site.articles import actions, worker  # noqa: PLC0415
    from consilium.site.articles.models import Article  # noqa: PLC0415
    from consilium.site.articles.viewer import Viewer  # noqa: PLC0415
    from consilium.site.editorial import moves  # noqa: PLC0415

    run = actions.ask(question=question, by=by or Viewer(None, "another session"), anew=True)
    claimed = worker.claim("fixture")
    assert claimed is not None  # noqa: S101
    worker.work_on(claimed)
    run.refresh_from_db()
    article = run.article
    assert article is not None, run.fault  # noqa: S101
    if public:
        Article.objects.filter(pk=article.pk).update(published=timezone.now())
        article.refresh_from_db()
        moves.admit()
    return article


def _read(article: Article, *readers: User) -> None:
    from consilium.domain.review import TICKS, Verdict  # noqa: PLC0415 - needs Django
    from consilium.site.editorial import readings  # noqa: PLC0415

    revision: Revision = article.current
    for reader in readers:
        for claim in revision.document["content"]["claims"]:
            readings.give(
                article=article,
                number=revision.number,
                claim=claim,
                by=reader,
                verdict=Verdict.SUPPORTED,
                ticks=TICKS,
                seconds=40,
            )


def _approve(article: Article, by: User) -> None:
    from consilium.domain.review import WHOLE  # noqa: PLC0415 - needs Django
    from consilium.site.editorial import approving  # noqa: PLC0415
    from consilium.site.editorial.models import Review  # noqa: PLC0415

    approving.approve(
        article=article,
        by=by,
        number=article.current.number,
        version=Review.objects.get(article=article).version,
        looked=WHOLE,
        attested=True,
        conflicts="None",
    )


def _under_review(article: Article, reviewer: User) -> None:
    from consilium.domain.review import Verdict  # noqa: PLC0415 - needs Django
    from consilium.site.articles import actions  # noqa: PLC0415
    from consilium.site.articles.viewer import Viewer  # noqa: PLC0415
    from consilium.site.editorial import moves, readings  # noqa: PLC0415
    from consilium.site.editorial.models import Vigilance  # noqa: PLC0415

    moves.take(article=article, by=reviewer)
    claim = next(iter(article.current.document["content"]["claims"]))
    for verdict in (Verdict.NEEDS_CHANGE, Verdict.REMOVE):
        readings.give(
            article=article, number=1, claim=claim, by=reviewer, verdict=verdict, note="Made up: look again."
        )
    actions.report(article=article, claim=claim, words="Made up: a typing error.", by=Viewer(None, "", "x"))
    Vigilance.objects.create(key=f"made up:{claim}", actor="actor:made-up", kind="number", caught=True)


def _sent_back(article: Article, reviewer: User) -> None:
    from consilium.site.editorial import moves  # noqa: PLC0415 - needs Django

    moves.take(article=article, by=reviewer)
    moves.request_changes(article=article, by=reviewer, note="Made up: say it more plainly.")


def _approved(article: Article, reviewer: User, second: User) -> None:
    from consilium.site.editorial import moves  # noqa: PLC0415 - needs Django

    moves.take(article=article, by=reviewer)
    _read(article, reviewer, second)
    _approve(article, second)


def _edited(article: Article, reviewer: User, second: User, editor: User) -> None:
    """Approved, then corrected, which ends the approval; the first revision is erased."""
    from consilium.domain.question import Audience  # noqa: PLC0415 - needs Django
    from consilium.pipeline.revising import wordings  # noqa: PLC0415
    from consilium.site.articles import knowledge  # noqa: PLC0415
    from consilium.site.editorial import revising, tombstones  # noqa: PLC0415

    _approved(article, reviewer, second)
    first = article.current
    lexicon = knowledge.world().lexicon

    def worded(manuscript: Any) -> Any:
        claim = next(reversed(first.document["content"]["claims"]))
        text = first.renderings["patient"]["claims"][claim]["text"]
        return wordings.word(manuscript, claim, Audience.PATIENT, f"{text} Ask your team.", lexicon)

    edit: Callable[[Any], Any] = worded
    correction = "Made up: a sentence for patients now says whom to ask."
    revising.revise(article=article, by=editor, number=1, edit=edit, note="Plainer.", correction=correction)
    tombstones.erase(revision=first, by=editor, why="Made up: to have a tombstone.")


def _withdrawn(article: Article, editor: User) -> None:
    from consilium.site.editorial import moves  # noqa: PLC0415 - needs Django

    moves.withdraw(article=article, by=editor, why="Made up: to have an article that is withdrawn.")


def _followed() -> None:
    """How far the library's changes have been read, and a notice."""
    from consilium.site.accounts.models import Notice, User  # noqa: PLC0415 - needs Django
    from consilium.site.editorial import evidence  # noqa: PLC0415

    evidence.follow()
    reader = User.objects.get(email="rona@example.org")
    Notice.objects.create(user=reader, key="made up", words="Made up: a notice.", link="/board/")


def _nothing_is_missing() -> None:
    """A fixture without a row of each model would prove nothing about that model."""
    from django.apps import apps  # noqa: PLC0415 - needs Django

    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    empty = [model._meta.label for model in models if not model._default_manager.exists()]  # noqa: SLF001
    if empty:
        sys.exit(f"There is no row of {', '.join(empty)}.")


if __name__ == "__main__":
    main()
