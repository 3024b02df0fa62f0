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
_KNOWN = {audience.value for audience in Audience}


def audience_of(request: HttpRequest) -> Audience:
    """What the reader has chosen, else clinician."""
    stated = stated_audience(request)
    return Audience.CLINICIAN if stated == UNSTATED else Audience(stated)


def stated_audience(request: HttpRequest) -> str:
    """The audience that the reader has chosen in this form, by ``?for=`` or before; or ``unstated``."""
    if "for" in request.POST:
        return request.POST["for"] if request.POST["for"] in _KNOWN else UNSTATED
    told = (request.GET.get("for"), request.COOKIES.get(COOKIE))
    return next((str(stated) for stated in told if stated in _KNOWN), UNSTATED)


def asked_for(stated: str) -> Audience:
    """For whom a question is asked: whoever has not said that they are a professional is none.

    Only emergencies depend on it: a person who describes themselves gets the notice alone.
    """
    return Audience.PATIENT if stated == UNSTATED else Audience(stated)


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep an audience that was chosen on this page; forget it where the reader would rather not say."""
    chosen = request.POST.get("for", request.GET.get("for"))
    if chosen in _KNOWN:
        response.set_cookie(COOKIE, str(chosen), _YEAR, httponly=True, samesite="Lax")
    elif "for" in request.POST:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def remembered(request: HttpRequest) -> dict[str, Any]:
    """Template context: the reader's audience and the choices."""
    stated = stated_audience(request)
    return {"audience": audience_of(request), "audiences": NAMES, "stated": stated}
