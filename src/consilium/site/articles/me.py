"""The pages of what is one's own: the questions, the export, the way out."""

from __future__ import annotations

import uuid

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consilium.errors import EditorialError
from consilium.site.articles import belongings
from consilium.site.articles.models import Article
from consilium.site.articles.publishing_pages import own
from consilium.site.articles.viewer import viewer_of

_PAGE = 30
SURE = "Say that you want to delete your account."
SLOW_DOWN = "You have tried too often. Wait a few minutes and try again."


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """One's own questions, in threads; without an account, those of this browser."""
    viewer = viewer_of(request)
    page = Paginator(belongings.threads(viewer), _PAGE).get_page(request.GET.get("page"))
    return render(
        request, "me/questions.html", {"page_of": page, "runs": belongings.unanswered(viewer)[:_PAGE]}
    )


@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything one owns, as one file."""
    body = belongings.everything(viewer_of(request))
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="consilium-my-data.json"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete_article(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Ask whether an article is to go, then delete it."""
    viewer = viewer_of(request)
    article = own(viewer, name)
    fault = ""
    if request.method == "POST":
        try:
            belongings.delete_article(article=article, by=viewer)
        except EditorialError as refused:
            fault = str(refused)
        else:
            messages.success(request, "The answer and its question are deleted.")
            return redirect("me")
    return render(
        request, "me/delete_article.html", {"article": article, "fault": fault}, status=400 if fault else 200
    )


@require_POST
def delete_run(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Delete a question that led to no answer."""
    viewer = viewer_of(request)
    belongings.delete_run(run=viewer.run(name), by=viewer)
    messages.success(request, "The question is deleted.")
    return redirect("me")


@sensitive_post_parameters("password")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays, ask for the password, then delete the account."""
    viewer = viewer_of(request)
    if request.method == "POST":
        fault, status = _deleted(request)
        if not fault:
            logout(request)
            messages.success(request, "Your account is deleted, and everything private with it.")
            return redirect("home")
    else:
        fault, status = "", 200
    own_articles = Article.objects.filter(viewer.mine())
    context = {
        "fault": fault,
        "private": own_articles.filter(published=None).count(),
        "public": own_articles.filter(published__isnull=False).count(),
    }
    return render(request, "me/delete_account.html", context, status=status)


def _deleted(request: HttpRequest) -> tuple[str, int]:
    """Delete the account; else why not, with the status of the answer."""
    if not request.POST.get("sure"):
        return SURE, 400
    # Whoever finds an open browser may not try out passwords here either.
    if not consume(request, action="reauthenticate", user=request.user):
        return SLOW_DOWN, 429
    try:
        belongings.delete_account(by=viewer_of(request), password=request.POST.get("password", ""))
    except EditorialError as refused:
        return str(refused), 400
    return "", 200
