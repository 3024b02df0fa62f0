"""Every address of the interface against everybody who may call it, from its own description.

A new operation is in the table by itself: what may happen follows from its scopes, from whether it
is open to anybody, and from whose article or run is asked for.
"""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.test import Client

from consilium.site.api.service import api
from consilium.site.articles.models import Run
from consilium.site.articles.publishing import publish
from consilium.site.articles.viewer import Viewer

BODIES = {
    "ask": {"question": "Does dexamethasone help in croup?"},
    "publish": {"question": "Does dexamethasone help in croup?"},
}
OPERATIONS = [
    (operation["operationId"], method.upper(), path.removeprefix("/api/v1/"), operation)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method, operation in methods.items()
]
CALLERS = ("nobody", "other", "other-session", "owner", "owner-session", "read", "ask", "publish")
# The event loop of the stream of events needs a pair of sockets.
pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]


def _expected(path: str, operation: dict, caller: str, public: bool) -> set[int]:
    """What the rules say: nobody may know whether something that is not theirs exists."""
    scopes = set(operation.get("x-scopes", ()))
    anybody = "security" not in operation or {} in operation["security"]
    about_one = "{article_id}" in path or "{run_id}" in path
    known = caller != "nobody"
    allowed = caller in {"other", "other-session", "owner", "owner-session"} or caller in scopes
    mine = caller not in {"nobody", "other", "other-session"} and allowed
    if anybody:
        return {200} if not about_one or public or mine else {404}
    if not known:
        return {401}
    if not allowed:
        return {403}
    if about_one and not mine:
        # A public article may be seen by all, but only its owner may do something with it.
        return {403} if public and "{article_id}" in path else {404}
    return {200, 202, 204}


@pytest.fixture
def as_(token, person, other):
    """The keyword arguments of a call by somebody."""

    def who(caller: str) -> dict:
        everything = ("read", "ask", "publish")
        if caller in {"read", "ask", "publish"}:
            return {"token": token(caller)}
        if caller == "nobody":
            return {}
        somebody = person if caller.startswith("owner") else other
        if caller.endswith("-session"):
            client = Client()
            client.force_login(somebody)
            return {"client": client}
        return {"token": token(*everything, by=somebody)}

    return who


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("public", [False, True], ids=["private", "published"])
def test_everybody_gets_what_is_theirs_and_nothing_else(call, as_, mine, caller, public):
    if public:
        publish(article=mine, by=Viewer(mine.owner, ""), question=mine.question)
    values = {
        "article_id": mine.pk,
        "run_id": Run.objects.get().pk,
        "source_id": mine.current.document["content"]["references"][0]["source"],
        "form": "json",
    }
    who, wrong = as_(caller), {}
    for name, method, path, operation in OPERATIONS:
        address = re.sub(r"{(\w+)}", lambda m: str(values[m[1]]), path)
        query = "?q=croup" if name == "search" else ""
        with transaction.atomic():
            answer = call(method, address + query, BODIES.get(name), **who)
            transaction.set_rollback(True)
        if answer.status_code not in _expected(path, operation, caller, public):
            wrong[name] = answer.status_code
        if answer.status_code >= 400:
            assert mine.question not in answer.content.decode()
    assert wrong == {}


def test_the_table_has_every_address_of_the_interface():
    from consilium.site.api.urls import _patterns

    described = {path for _, _, path, _ in OPERATIONS}
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(p.pattern)) for p in _patterns}
    assert routes - described == {"", "openapi.json"}
