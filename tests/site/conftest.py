"""The site under test: its own data folder, people, questions answered by the real worker."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

from consilium.site.articles import actions, worker
from consilium.site.articles.models import Article
from consilium.site.articles.viewer import Viewer
from consilium.site.audit import triggers
from consilium.site.audit.models import AuditEntry

Asked = Callable[..., Article]


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """SQLite in a file, not in memory, so that threads and other processes reach it as in life."""
    if not settings.ENVIRONMENT.database_url:
        name = str(settings.ENVIRONMENT.data_dir / "site.sqlite3")
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name


@pytest.fixture(scope="session", autouse=True)
def the_library(world, library_folder):
    """The site reads the library of this run, and so do its processes."""
    shutil.copytree(library_folder, settings.ENVIRONMENT.data_dir, dirs_exist_ok=True)
    patched = pytest.MonkeyPatch()
    for module in ("knowledge", "reading", "writing"):
        patched.setattr(f"consilium.site.articles.{module}.world", lambda: world)
    yield
    patched.undo()


@pytest.fixture(scope="session", autouse=True)
def passwords_of_little_work():
    """The site's own hashes, at the least cost: hundreds of people are made for the tests."""
    patched = pytest.MonkeyPatch()
    for cost, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
        patched.setattr(Argon2PasswordHasher, cost, least)
    yield
    patched.undo()


@pytest.fixture(scope="session", autouse=True)
def a_log_that_can_be_emptied():
    """A test that commits leaves tables to be emptied, which the triggers of the log refuse.

    The table of the shared cache is of no model, so Django forgets it.
    """
    patched, empty = pytest.MonkeyPatch(), TransactionTestCase._fixture_teardown

    def without_triggers(case):
        if AuditEntry.objects.exists():
            triggers.drop(connection)
            empty(case)
            triggers.create(connection)
        else:
            empty(case)
        cache.clear()

    patched.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
    yield
    patched.undo()


@pytest.fixture(autouse=True)
def plain_files(settings):
    """No collected files are needed."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def person(django_user_model):
    return django_user_model.objects.create_user("ada@example.org", "a long enough word")


@pytest.fixture
def asked(db) -> Asked:
    """Ask a question as a viewer and let the real worker answer it."""

    def ask(question: str = "Does dexamethasone help in croup?", by: Viewer | None = None, **more) -> Article:
        run = actions.ask(question=question, by=by or Viewer(None, "someone"), **more)
        claimed = worker.claim("test")
        assert claimed is not None
        worker.work_on(claimed)
        run.refresh_from_db()
        assert run.article is not None, run.fault
        return run.article

    return ask
