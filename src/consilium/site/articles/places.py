"""Whose guidance comes first: the countries on offer, and whether an answer rests on any of the one chosen."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse

from consilium.site.articles import knowledge

COOKIE = "consilium-country"
LONGEST = 40
_SEVERAL = {"International", "Europe", "North America"}
_ADVISING = {"guideline", "regulatory"}
_YEAR = 31_536_000


class Group(NamedTuple):
    """Some places under one heading of the list."""

    name: str
    places: tuple[str, ...]


def groups(own: str) -> list[Group]:
    """The places on offer: the asker's own, those of several countries, and each other country."""
    known = knowledge.places()
    others = [place for place in known if place != own]
    several = tuple(place for place in others if place in _SEVERAL)
    single = tuple(place for place in others if place not in _SEVERAL)
    offered = (Group("Chosen last", (own,) if own else ()), Group("International", several))
    return [group for group in (*offered, Group("Countries", single)) if group.places]


def chosen_last(request: HttpRequest) -> str:
    """The place that this reader chose the last time, or ""."""
    known = {place for group in groups("") for place in group.places}
    own = request.COOKIES.get(COOKIE, "")
    return own if own in known else ""


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep the place that was chosen in this form; forget it where none is wanted any more."""
    if request.POST.get("country"):
        response.set_cookie(COOKIE, request.POST["country"][:LONGEST], _YEAR, httponly=True, samesite="Lax")
    elif "country" in request.POST:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


class Guided(NamedTuple):
    """Whose guidance an answer rests on.

    Attributes:
        by_chosen: whether any of it is of the place that was asked for.
        by: every place whose guidance it rests on, in the order of the references.
    """

    by_chosen: bool
    by: tuple[str, ...]


def guided(document: dict[str, Any], chosen: str) -> Guided:
    """Whose guidance an answer rests on; "UK (Scotland)" counts for "UK", as where answers are led."""
    advising = (r for r in document["content"].get("references", ()) if r["kind"] in _ADVISING)
    by = tuple(dict.fromkeys(r["jurisdiction"] or "country not stated" for r in advising))
    return Guided(any(chosen.lower() in place.lower() for place in by), by)
