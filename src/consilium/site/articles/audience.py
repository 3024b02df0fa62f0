"""For whom the reader wants articles worded; remembered in a cookie."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from consilium.domain.question import Audience

COOKIE = "consilium-for"
_YEAR = 31_536_000
NAMES = {
    Audience.PATIENT: "Patient or carer",
    Audience.STUDENT: "Student",
    Audience.CLINICIAN: "Clinician",
}


UNSTATED = "unstated"


def audience_of(request: HttpRequest) -> Audience:
    """``?for=``, else the cookie, else clinician."""
    stated = stated_audience(request)
    return Audience.CLINICIAN if stated == UNSTATED else Audience(stated)


def stated_audience(request: HttpRequest) -> str:
    """The audience that the reader has chosen, or ``unstated``."""
    for stated in (request.GET.get("for"), request.COOKIES.get(COOKIE)):
        if stated in {a.value for a in Audience}:
            return str(stated)
    return UNSTATED


def asked_for(stated: str) -> Audience:
    """For whom a question is asked: whoever has not said that they are a professional is none.

    Only emergencies depend on it: a person who describes themselves gets the notice alone.
    """
    return Audience.PATIENT if stated == UNSTATED else Audience(stated)


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep an audience that was chosen on this page."""
    if request.GET.get("for") in {a.value for a in Audience}:
        response.set_cookie(COOKIE, request.GET["for"], _YEAR, httponly=True, samesite="Lax")
    return response


def remembered(request: HttpRequest) -> dict[str, Any]:
    """Template context: the reader's audience and the choices."""
    return {"audience": audience_of(request), "audiences": NAMES}
