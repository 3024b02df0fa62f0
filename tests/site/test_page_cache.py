"""Pages kept in front of Django: who gets them, and when they go."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as live
from django.core.asgi import get_asgi_application
from django.db import transaction
from django.urls import get_resolver, resolve
from django.utils import timezone
from tests.site.asgi_client import ask

from consilium.site import page_cache
from consilium.site.articles.changes import changed
from consilium.site.articles.models import Article
from consilium.site.articles.viewer import Viewer
from consilium.site.page_cache import PageCache

# Django works in threads of its own, each with its connection: the data must be committed. The
# event loop wakes itself through a pair of sockets; nothing leaves the process.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


class Counted:
    """Django, and how often it was asked."""

    def __init__(self):
        self.app, self.asked = get_asgi_application(), 0
        self.before_end = lambda: None

    async def __call__(self, scope, receive, send):
        self.asked += 1

        async def told(message):
            self.before_end()
            await send(message)

        await self.app(scope, receive, told)


@pytest.fixture
def django_app():
    page_cache.changed()
    return Counted()


@pytest.fixture
def site(django_app):
    return PageCache(django_app)


@pytest.fixture
def published(asked):
    article = asked()
    article.published = timezone.now()
    article.save()
    return f"/articles/{article.pk}/"


def test_the_second_stranger_is_answered_from_memory(site, django_app, published):
    first, second = ask(site, published), ask(site, published)
    assert (first.status, second.status, django_app.asked) == (200, 200, 1)
    assert first.body == second.body
    kept = ("content-security-policy", "x-frame-options", "x-content-type-options", "permissions-policy")
    assert [first.headers[name] for name in kept] == [second.headers[name] for name in kept]


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "sessionid=abc"},
        {"cookie": "consilium-for=patient; sessionid=abc"},
        {"cookie": "messages=abc"},
        {"cookie": "something-new=1"},
        {"authorization": "Bearer abc"},
        {"range": "bytes=0-1"},
    ],
    ids=str,
)
def test_whoever_can_be_told_from_a_stranger_is_answered_by_django(site, django_app, published, headers):
    ask(site, published)
    for _ in range(2):
        assert ask(site, published, **headers).status == 200
    assert django_app.asked == 3
    ask(site, published)
    assert django_app.asked == 3


def test_a_private_article_is_shown_to_its_asker_and_never_kept(site, client, asked):
    key = client.session.session_key
    article = asked(by=Viewer(None, key))
    path = f"/articles/{article.pk}/"
    assert ask(site, path, cookie=f"sessionid={key}").status == 200
    assert ask(site, path).status == 404
    assert ask(site, path, cookie=f"sessionid={key}").status == 200
    assert ask(site, path).status == 404


def test_what_is_unpublished_is_gone_with_the_next_request(site, published):
    assert ask(site, published).status == 200
    with transaction.atomic():
        Article.objects.update(published=None)
        changed()
        # Nothing is told before the commit: others still see the old state.
        assert ask(site, published).status == 200
    assert ask(site, published).status == 404


def test_a_change_in_another_process_empties_this_ones_memory(site, django_app, published):
    ask(site, published)
    ask(site, published)
    assert django_app.asked == 1
    code = "import django; django.setup(); from consilium.site import page_cache; page_cache.changed()"
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    ask(site, published)
    assert django_app.asked == 2


def test_a_page_that_was_made_while_something_changed_is_not_kept(site, django_app, published):
    django_app.before_end = page_cache.changed
    ask(site, published)
    django_app.before_end = lambda: None
    ask(site, published)
    ask(site, published)
    assert django_app.asked == 2


def test_a_page_that_sets_a_cookie_is_not_kept(site, django_app, published):
    for _ in range(2):
        assert "set-cookie" in ask(site, published, "for=patient").headers
    assert django_app.asked == 2


def test_each_audience_has_its_own_page(site, django_app, published):
    pages = [ask(site, published, cookie=f"consilium-for={name}").body for name in ("patient", "student")]
    assert pages[0] != pages[1]
    again = [ask(site, published, cookie=f"consilium-for={name}").body for name in ("patient", "student")]
    assert again == pages
    assert django_app.asked == 2


def test_a_kept_page_comes_compressed_to_those_who_can_read_it(site, published):
    plain = ask(site, published).body
    zipped = ask(site, published, accept_encoding="br, gzip")
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain
    assert int(zipped.headers["content-length"]) == len(zipped.body) < len(plain) / 2
    assert "Accept-Encoding" in zipped.headers["vary"]
    for refusal in ("", "br", "gzip;q=0", "identity"):
        answer = ask(site, published, accept_encoding=refusal)
        assert (answer.body, "content-encoding" in answer.headers) == (plain, False)


def test_what_is_made_for_somebody_is_never_compressed(site, published):
    page_cache.changed()
    answer = ask(site, published, accept_encoding="gzip", cookie="sessionid=abc")
    assert "content-encoding" not in answer.headers


def test_the_first_stranger_gets_the_page_compressed_as_all_later_ones(site, published):
    page_cache.changed()
    first = ask(site, published, accept_encoding="gzip")
    second = ask(site, published, accept_encoding="gzip")
    assert first.headers["content-encoding"] == "gzip"
    assert first.body == second.body


def test_a_reader_who_holds_the_page_is_told_that_it_is_unchanged(site, published):
    ask(site, published)
    tag = ask(site, published).headers["etag"]
    answer = ask(site, published, if_none_match=tag)
    assert (answer.status, answer.body) == (304, b"")
    assert ask(site, published, if_none_match='W/"another"').status == 200


def test_a_page_is_forgotten_after_its_time(django_app, published):
    site = PageCache(django_app, seconds=0.0)
    ask(site, published)
    ask(site, published)
    assert django_app.asked == 2


def test_memory_has_a_limit_and_the_page_unused_longest_goes_first(django_app):
    size = len(ask(PageCache(django_app), "/about/").body)
    site = PageCache(django_app, limit=8 * (size + 3000))
    for number in range(60):
        ask(site, "/about/", f"n={number}")
    assert 0 < site._size <= site._limit
    assert site._size == sum(page.size for page in site._pages.values())
    asked = django_app.asked
    ask(site, "/about/", "n=59")
    assert django_app.asked == asked
    ask(site, "/about/", "n=0")
    assert django_app.asked == asked + 1


def test_a_wrong_host_is_refused_even_where_the_page_is_kept(site, published):
    assert ask(site, published).status == 200
    assert ask(site, published, host="evil.example").status == 400
    assert b"evil.example" not in ask(site, published).body


def test_http_and_https_do_not_share_a_page(site, django_app, published):
    ask(site, published)
    ask(site, published, x_forwarded_proto="https")
    ask(site, published, scheme="https")
    assert django_app.asked == 3


def test_a_part_of_a_page_is_not_mistaken_for_the_page(site, django_app, published):
    ask(site, published)
    ask(site, published, hx_request="true")
    assert django_app.asked == 2


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "PUT", "DELETE"])
def test_only_get_is_answered_from_memory(site, django_app, published, method):
    ask(site, published)
    answer = ask(site, published, method=method)
    assert django_app.asked == 2
    assert answer.status == {"HEAD": 200, "OPTIONS": 405}.get(method, 403)


def test_what_varies_by_something_else_or_asks_not_to_be_kept_is_not_kept():
    def start(*headers):
        return {"status": 200, "headers": list(headers)}

    assert page_cache.may_be_kept(start((b"Vary", b"Cookie, HX-Target")))
    for header in (
        (b"Vary", b"Cookie, Accept-Language"),
        (b"Vary", b"HX-Current-URL"),
        (b"Vary", b"*"),
        (b"Cache-Control", b"private"),
        (b"Cache-Control", b"no-store"),
        (b"Set-Cookie", b"a=b"),
        (b"Content-Encoding", b"br"),
    ):
        assert not page_cache.may_be_kept(start(header)), header


def _names(patterns):
    for pattern in patterns:
        yield from _names(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern.name]


def test_every_shared_page_and_every_form_without_token_is_an_address_of_the_site():
    names = set(_names(get_resolver().url_patterns))
    assert names >= live.SHARED_PAGES
    assert names >= live.TOKEN_FREE_FORMS


@pytest.mark.parametrize(
    "path", ["/runs/7f9c24e8-3b12-4fef-91e0-56a2d5a9f3d1/events", "/healthz", "/nowhere/", "/accounts/login/"]
)
def test_what_is_not_a_shared_page_is_not_kept(site, django_app, path):
    assert not page_cache.shared(path)


def test_no_shared_page_holds_a_token_and_their_forms_need_none(site, published):
    forms = 0
    for path in (
        "/",
        "/articles/",
        "/about/",
        "/disclaimer/",
        "/editorial-policy/",
        "/accessibility/",
        published,
    ):
        answer = ask(site, path)
        assert answer.status == 200
        assert b"csrfmiddlewaretoken" not in answer.body, path
        assert "set-cookie" not in answer.headers, path
        for action in re.findall(rb'<form[^>]*method="post"[^>]*action="([^"]+)"', answer.body):
            forms += 1
            assert resolve(action.decode()).view_name in live.TOKEN_FREE_FORMS, (path, action)
    assert forms >= 1


def test_a_reader_with_a_session_gets_the_token_all_the_same(site, client, published):
    client.post("/ask/", {"question": "anything at all about croup"})
    answer = ask(site, "/", cookie=f"sessionid={client.session.session_key}")
    assert b"csrfmiddlewaretoken" in answer.body
    assert answer.headers["cache-control"] == "private, no-store"
