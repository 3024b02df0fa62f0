"""The pages for people who write programs: their tokens, and the interface described."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consilium.site.accounts.models import User
from consilium.site.api import tokens
from consilium.site.api.models import ApiToken
from consilium.site.api.service import api
from consilium.site.api.tokens import DAYS, WORDS, TokenRefused

_CODE = re.compile(r"`([^`]+)`")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """A person's tokens; a new one is shown on the answer to the form, and never again."""
    person = cast("User", request.user)
    shown: dict[str, Any] = {"fault": "", "secret": "", "name": "", "chosen": ["read", "ask"]}
    status = 200
    if request.method == "POST":
        days = request.POST.get("days", "")
        shown["name"], shown["chosen"] = request.POST.get("name", "")[:80], request.POST.getlist("scopes")
        try:
            made, shown["secret"] = tokens.create(
                name=shown["name"],
                scopes=shown["chosen"],
                days=int(days) if days.isdecimal() else 0,
                by=person,
            )
            shown["made"], status = made, 201
        except TokenRefused as fault:
            shown["fault"], status = str(fault), 400
    rows = ApiToken.objects.filter(person=person, revoked=None)
    context = {**shown, "tokens": rows, "scopes": [(s.value, w) for s, w in WORDS.items()], "days": DAYS}
    return render(request, "me/tokens.html", context, status=status)


@login_required
@require_POST
def revoke(request: HttpRequest, token: int) -> HttpResponse:
    """Take a token back."""
    if tokens.revoke(token=token, by=cast("User", request.user)):
        messages.success(request, "The token is revoked. A program that still sends it is refused.")
    return redirect("tokens")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The interface described, from its OpenAPI document; no script is needed."""
    document = api.get_openapi_schema()
    operations = [
        {
            "id": operation["operationId"],
            "method": method.upper(),
            "path": path,
            "scopes": operation.get("x-scopes", ()),
            "open": not operation.get("security") or {} in operation["security"],
            "summary": operation["summary"],
            "description": _paragraphs(operation.get("description", "")),
            "fields": list(_fields(operation, document)),
            "responses": sorted((int(s), r["description"]) for s, r in operation["responses"].items()),
        }
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api/docs.html", {"info": document["info"], "operations": operations})


def _paragraphs(text: str) -> list[list[str]]:
    """A description in paragraphs, each in pieces: every second one is code."""
    return [_CODE.split(" ".join(part.split())) for part in text.split("\n\n") if part.strip()]


def _fields(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What an operation takes: its name, where it goes, what it is."""
    for parameter in operation["parameters"]:
        place = "in the address" if parameter["in"] == "path" else "in the query"
        yield parameter["name"], place, parameter["schema"].get("description", "")
    if "requestBody" in operation:
        name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
        for field, schema in document["components"]["schemas"][name]["properties"].items():
            yield field, "in the body", schema.get("description", "")
