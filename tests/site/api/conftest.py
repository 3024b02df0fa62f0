"""People with tokens, and a client that sends JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from consilium.site.api import asking, tokens
from consilium.site.articles import worker
from consilium.site.articles.viewer import Viewer

Token = Callable[..., str]


@pytest.fixture
def other(django_user_model):
    return django_user_model.objects.create_user("eve@example.org", "another long word")


@pytest.fixture
def token(person) -> Token:
    """A token of Ada, or of somebody else, with the scopes that are named."""

    def make(*scopes: str, by=None) -> str:
        return tokens.create(name="a program", scopes=scopes or ("read", "ask"), days=30, by=by or person)[1]

    return make


@pytest.fixture
def call():
    """Call the interface; the answer has ``status_code`` and ``json()``."""

    def send(
        method: str, path: str, body=None, token: str | None = None, client: Client | None = None, **headers
    ):
        headers = {"authorization": f"Bearer {token}", **headers} if token else headers
        return (client or Client()).generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else b"",
            content_type="application/json",
            headers=headers,
        )

    return send


@pytest.fixture
def working(monkeypatch):
    """A worker answers while somebody waits."""

    def pause() -> None:
        claimed = worker.claim("test")
        if claimed is not None:
            worker.work_on(claimed)

    monkeypatch.setattr(asking, "pause", pause)


@pytest.fixture
def mine(asked, person):
    """A private article of Ada."""
    return asked(by=Viewer(person, ""))


@pytest.fixture
def public(mine):
    """A published article of Ada."""
    mine.published = timezone.now()
    mine.save()
    return mine
