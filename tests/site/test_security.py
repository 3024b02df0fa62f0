"""Headers, cookies, whose is whose, markup, odd requests."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import uuid

import pytest
from django.conf import settings as live
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from tests.site.people import browser as browser_of
from tests.site.people import member, with_factor

from consilium.domain.permission import Permission
from consilium.site.accounts.admin import staff
from consilium.site.accounts.models import Invitation, Membership, Notice
from consilium.site.accounts.roles import Editor, Operator, Reviewer
from consilium.site.articles.models import Article, Report, Run
from consilium.site.articles.viewer import Viewer

# An event loop, which the stream of a run needs, wakes itself through a pair of sockets.
pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
}
PAGES = ("/", "/articles/", "/about/", "/accounts/login/", "/accounts/signup/", "/nowhere/", "/healthz")


def _environment(folder, **more):
    return {
        **os.environ,
        "CONSILIUM_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "consilium.site.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
        **more,
    }


def _python(folder, *arguments, **more):
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env=_environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_djangos_own_check_for_deployment_finds_nothing(tmp_path):
    secure = {"CONSILIUM_SECURE": "1", "CONSILIUM_HOSTS": "answers.example.org"}
    done = _python(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING", **secure)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_the_same_check_fails_without_https(tmp_path):
    done = _python(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 1
    assert "SECURE_HSTS_SECONDS" in done.stderr


def test_cookies_over_https_are_sealed_and_http_is_sent_to_https(tmp_path):
    code = """
import django; django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0); call_command("collectstatic", verbosity=0)
plain, browser = Client(), Client(headers={"X-Forwarded-Proto": "https", "Origin": "https://answers.example.org"})
sent = plain.get("/about/", HTTP_HOST="answers.example.org")
print(sent.status_code, sent["Location"])
page = browser.get("/accounts/login/", HTTP_HOST="answers.example.org")
print(page.status_code, page["Strict-Transport-Security"], page.cookies["__Host-csrftoken"].OutputString())
asked = browser.post("/ask/", {"question": "Does dexamethasone help in croup?"}, HTTP_HOST="answers.example.org")
print(asked.status_code, asked.cookies["__Host-sessionid"].OutputString())
"""
    secure = {"CONSILIUM_SECURE": "1", "CONSILIUM_HOSTS": "answers.example.org"}
    done = _python(tmp_path, "-c", code, **secure)
    sent, page, asked = done.stdout.splitlines() or [done.stderr, "", ""]
    assert sent == "301 https://answers.example.org/about/", done.stderr
    assert page.startswith("200 max-age=31536000; includeSubDomains; preload __Host-csrftoken=")
    assert asked.startswith("302 __Host-sessionid=")
    for cookie in (page, asked):
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_exact_headers(client, path):
    answer = client.get(path)
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    for power in ("camera", "microphone", "geolocation"):
        assert f"{power}=()" in answer["Permissions-Policy"]


def test_no_page_has_a_script_or_a_style_of_its_own(client, asked):
    for path in (*PAGES, *_own_pages(_own(client, asked))):
        answer = client.get(path)
        assert answer.status_code in ({404} if path == "/nowhere/" else {200, 302, 405}), path
        body = answer.content.decode()
        # A data block is not run.
        assert re.findall(r'<script(?![^>]*\bsrc=)(?! type="application/ld\+json")[^>]*>', body) == [], path
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=\"|javascript:|hx-on", body) == [], path


# Whose is whose ------------------------------------------------------------------------------

PRIVATE = {
    "article",
    "passage",
    "report",
    "export",
    "publish",
    "unpublish",
    "run",
    "run-events",
    "run-cancel",
}
POSTED = {"run-cancel", "unpublish", "article-delete", "run-delete"}
PUBLIC = {
    "home", "ask", "library", "source", "editorial-policy", "disclaimer", "accessibility", "about",
    "healthz", "readyz",
}  # fmt: skip


def _named(prefix: str) -> dict[str, set[str]]:
    """The names of the addresses of a module of addresses, with the words each takes."""
    from importlib import import_module

    found = import_module(prefix).urlpatterns
    return {p.name: set(p.pattern.converters) for p in found}


HTML = {**_named("consilium.site.articles.urls"), **_named("consilium.site.articles.me_urls")}
OWN = PRIVATE | {"article-delete", "run-delete"}
ONES_OWN_PAGES = {"me", "me-export", "me-delete"}


def test_every_address_is_either_public_or_tested_for_whose_it_is():
    unknown = set(HTML) - PUBLIC - OWN - ONES_OWN_PAGES
    assert not unknown, f"Say in this test who may see {unknown}."


def _addresses(article: Article) -> dict[str, str]:
    """The address of everything that is private with this article."""
    run = Run.objects.get(article=article)
    claims = article.current.document["content"]["claims"]
    claim, body = next(iter(claims.items()))
    words = {
        "claim": claim,
        "sentence": body["citations"][0]["sentences"][0]["id"],
        "form": "md",
    }
    found = {}
    for name in sorted(OWN & set(HTML)):
        of_run = name in {"run", "run-events", "run-cancel", "run-delete"}
        given = {w: run.pk if of_run and w == "name" else words.get(w, article.pk) for w in HTML[name]}
        found[name] = reverse(name, kwargs=given)
    return found


def _published(article: Article) -> Article:
    article.published = timezone.now()
    article.save()
    return article


@pytest.fixture
def browsers(person, django_user_model):
    """Everybody who might look: nobody, the session and the person who asked, and two others."""
    other = django_user_model.objects.create_user("eve@example.org", "a long enough word")
    made = {name: Client() for name in ("nobody", "session", "other session", "person", "other person")}
    for name in ("session", "other session"):
        made[name].session.save()
        assert made[name].session.session_key
    made["person"].force_login(person)
    made["other person"].force_login(other)
    return made


@pytest.mark.django_db(transaction=True)  # the stream reads through a connection of its own
@pytest.mark.parametrize("name", sorted(OWN & set(HTML)))
@pytest.mark.parametrize("owner", ["session", "person"])
def test_what_is_private_is_there_for_whoever_asked_and_for_nobody_else(name, owner, browsers, asked, person):
    by = Viewer(person, "") if owner == "person" else Viewer(None, browsers["session"].session.session_key)
    article = asked(by=by)
    path = _addresses(article)[name]
    for who, browser in browsers.items():
        if who != owner:
            for method in ("get", "post"):
                status = getattr(browser, method)(path).status_code
                assert status in {404, 405} or (status == 302 and name.endswith("delete")), (who, method)
    assert Article.objects.filter(pk=article.pk, published=None).exists()
    assert Run.objects.filter(article=article).exists()
    method = "post" if name in POSTED else "get"
    assert getattr(browsers[owner], method)(path).status_code in {200, 302}


@pytest.mark.parametrize("name", sorted(ONES_OWN_PAGES))
def test_ones_own_pages_show_a_stranger_nothing_of_others(name, asked, person, client):
    article = asked(by=Viewer(person, ""))
    answer = client.get(reverse(name))
    assert str(article.pk) not in answer.content.decode()
    assert person.email not in answer.content.decode()


def test_a_stranger_reads_what_is_published_and_changes_nothing(client, asked):
    article = _published(asked(by=Viewer(None, "someone")))
    addresses = _addresses(article)
    for name in ("article", "passage", "report", "export"):
        assert client.get(addresses[name]).status_code == 200, name
    for name in ("publish", "unpublish", "run", "run-cancel"):
        assert client.post(addresses[name]).status_code in {404, 405}, name
    assert Article.objects.get().published


# The board -----------------------------------------------------------------------------------

BOARD = {
    "people": Permission.MANAGE_PEOPLE,
    "person": Permission.MANAGE_PEOPLE,
    "person-role": Permission.MANAGE_PEOPLE,
    "person-state": Permission.MANAGE_PEOPLE,
    "person-factor": Permission.MANAGE_PEOPLE,
    "invite": Permission.MANAGE_PEOPLE,
    "invitation-send": Permission.MANAGE_PEOPLE,
    "invitation-revoke": Permission.MANAGE_PEOPLE,
    "board-log": Permission.SEE_AUDIT,
    "board-log-export": Permission.SEE_AUDIT,
    "board-queue": Permission.REVIEW,
    "board-profile": Permission.REVIEW,
    "board-article": Permission.REVIEW,
    "board-act": Permission.REVIEW,
    "board-claim": Permission.REVIEW,
    "board-compare": Permission.REVIEW,
    "board-approve": Permission.APPROVE,
    "board-edit": Permission.EDIT,
    "board-edit-claim": Permission.EDIT,
    "board-erase": Permission.WITHDRAW,
}
SIGNED_IN = {"notices", "notice-open", "notices-read", "notices-post"}
BY_SECRET = {"join", "become-operator"}
MEMBERS = {"reviewer": Reviewer, "editor": Editor, "operator": Operator}


def _of_the_board() -> dict[str, set[str]]:
    """The addresses of the people of the board, and every address of anything under ``board/``."""
    under = {
        p.name: set(p.pattern.converters)
        for p in _all_patterns(get_resolver().url_patterns)
        if str(p.pattern).startswith(("board/", "me/notices"))
    }
    return {**_named("consilium.site.accounts.urls"), **under}


def _all_patterns(patterns):
    for one in patterns:
        if hasattr(one, "url_patterns"):
            if not str(one.pattern).startswith("admin/"):
                yield from _all_patterns(one.url_patterns)
        elif one.name:
            yield one


def test_every_address_of_the_board_says_who_may_open_it():
    unknown = set(_of_the_board()) - set(BOARD) - SIGNED_IN - BY_SECRET
    assert not unknown, f"Say in this test which permission opens {unknown}."


@pytest.fixture
def board(person):
    """Somebody of every kind, each in a browser; and rows for every address of the board."""
    made = {"nobody": Client(), "person": browser_of(person)}
    for key in MEMBERS:
        made[f"{key} without a factor"] = browser_of(member(f"bare-{key}", key))
        made[f"{key} who showed none"] = browser_of(with_factor(member(f"shy-{key}", key)), shown=False)
        made[key] = browser_of(with_factor(member(key, key)))
    gone = with_factor(member("gone", *MEMBERS))
    made["switched off"] = browser_of(gone)
    gone.is_active = False
    gone.save()
    return made


def _board_address(name: str, article: Article | None = None) -> str:
    somebody, now = member(f"x-{name}"), timezone.now()
    invitation = Invitation.objects.create(email="y@example.org", digest=name, expires=now)
    notice = Notice.objects.create(user=somebody, key="k", words="w", link="/")
    rows = {
        "person": somebody.pk,
        "invitation": invitation.pk,
        "notice": notice.pk,
        "secret": "no-such-secret",
        "number": 1,
        "old": 1,
        "new": 1,
        "move": "no-such-move",
    }
    if article:
        rows |= {"name": article.pk, "claim": next(iter(article.current.document["content"]["claims"]))}
    return reverse(name, kwargs={word: rows[word] for word in _of_the_board()[name]})


def _leads(answer) -> str:
    return answer["Location"].split("?")[0] if answer.status_code == 302 else str(answer.status_code)


@pytest.mark.parametrize("name", sorted(BOARD))
def test_a_page_of_the_board_opens_for_its_permission_with_a_second_factor_and_for_nobody_else(
    name, board, asked
):
    path = _board_address(name, _published(asked()))
    before = list(Membership.objects.values()), list(Invitation.objects.values())
    for method in ("get", "post"):
        for who, client in board.items():
            key = who.split()[0]
            if key not in MEMBERS:
                wanted = "/accounts/login/" if key in {"nobody", "switched"} else "403"
            elif BOARD[name] not in MEMBERS[key].permissions:
                wanted = "403"
            elif who.endswith("a factor"):
                wanted = "/accounts/2fa/"
            elif who.endswith("showed none"):
                wanted = "/accounts/2fa/reauthenticate/"
            else:
                continue
            assert _leads(getattr(client, method)(path)) == wanted, (who, method)
    assert before == (list(Membership.objects.values()), list(Invitation.objects.values()))
    for key, role in MEMBERS.items():
        if BOARD[name] in role.permissions:
            assert board[key].get(path).status_code in {200, 405}
            assert board[key].post(path).status_code in {302, 400, 404, 405, 409}


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_ones_notices_are_for_whoever_signed_in(name, board):
    path = _board_address(name)
    for who, client in board.items():
        for method in ("get", "post"):
            answer = getattr(client, method)(path)
            if who in {"nobody", "switched off"}:
                assert _leads(answer) == "/accounts/login/", (who, method)
            else:
                # Somebody else's notice is not there; the lists are everybody's own.
                assert answer.status_code in ({404, 405} if name == "notice-open" else {200, 302, 405}), who
    assert Notice.objects.get().read is None


@pytest.mark.parametrize("name", sorted(BY_SECRET))
def test_a_secret_that_does_not_exist_opens_nothing_to_anybody(name, board):
    path = _board_address(name)
    for who, client in board.items():
        for method in ("get", "post"):
            assert getattr(client, method)(path).status_code == 410, (who, method)


def test_the_secret_of_a_link_is_not_logged(client, caplog):
    client.get("/board/join/a-secret-that-nobody-may-read/")
    client.put("/board/operator/a-secret-that-nobody-may-read/")
    assert "nobody-may-read" not in caplog.text


def test_nothing_under_admin_opens_for_anybody_but_an_operator_who_showed_their_factor(board):
    words = {"app_label": "articles", "object_id": "1", "content_type_id": "1"}
    for pattern in staff.get_urls():
        for one in getattr(pattern, "url_patterns", [pattern]):
            if one.name in {"login", "logout", None}:
                continue
            named = {*one.pattern.converters, *one.pattern.regex.groupindex}
            path = reverse(f"admin:{one.name}", kwargs={word: words[word] for word in named})
            for who, client in board.items():
                if who != "operator":
                    for method in ("get", "post"):
                        answer = getattr(client, method)(path)
                        assert _leads(answer) == "/admin/login/", (path, who, method)


# Markup --------------------------------------------------------------------------------------

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    "{{ settings.SECRET_KEY }}{% load static %}",
    "<!--<script>alert(1)//-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;<b>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "\u003cscript\u003ealert(1)",
)


def _unescaped(attack: str, body: str) -> bool:
    """Whether a page took an attack for more than text: as markup, or as a template."""
    return (attack in body and html.escape(attack) != attack) or live.SECRET_KEY in body


def test_markup_that_is_not_escaped_is_found():
    for attack in ATTACKS:
        assert _unescaped(attack, f"<p>{attack}{live.SECRET_KEY}</p>")
        assert not _unescaped(attack, f"<p>{html.escape(attack)}</p>")


def _own(client, asked) -> Article:
    """An article of a browser's own session, which sees every page of it."""
    client.session.save()
    return asked(by=Viewer(None, client.session.session_key))


def _own_pages(article: Article) -> list[str]:
    """The address of every page of an article; the stream of its run is none."""
    return [path for name, path in _addresses(article).items() if name != "run-events"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_a_question_comes_out_as_text_on_every_page(client, asked, attack):
    question = f"Does dexamethasone help in croup? {attack}"
    answer = client.post("/ask/", {"question": question}, follow=True)
    assert not _unescaped(attack, answer.content.decode())
    Run.objects.all().delete()
    article = _published(_own(client, asked))
    Article.objects.filter(pk=article.pk).update(question=question)
    for path in ("/", "/articles/", "/me/", *_own_pages(article)):
        assert not _unescaped(attack, client.get(path).content.decode()), path
    for path in ("/articles/", "/me/"):
        assert html.escape(attack) in client.get(path).content.decode()


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_a_source_comes_out_as_text(client, asked, attack):
    article = _published(asked())
    revision = article.current
    content = revision.document["content"]
    for reference in content["references"]:
        reference["title"] = f"A title {attack}"
    for claim in content["claims"].values():
        claim["text"] = f"A claim {attack}"
        for citation in claim["citations"]:
            for sentence in citation["sentences"]:
                sentence["text"] = f"A sentence {attack}"
    revision.renderings = {}
    revision.save()
    addresses = _addresses(article)
    for name in ("article", "passage", "report"):
        body = client.get(addresses[name]).content.decode()
        assert not _unescaped(attack, body), name
    assert html.escape(attack) in client.get(addresses["passage"]).content.decode()


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_a_search_or_a_report_comes_out_as_text(client, asked, attack):
    article = _published(asked())
    assert not _unescaped(attack, client.get("/articles/", {"q": attack, "topic": attack}).content.decode())
    answer = client.post(_addresses(article)["report"], {"words": attack}, follow=True)
    assert not _unescaped(attack, answer.content.decode())
    assert Report.objects.get().words == attack


# Odd requests --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["../../settings.py", "%2e%2e%2fsecret-key", "exe", "md%00", "..", ""])
def test_a_form_that_does_not_exist_is_not_found(client, asked, form):
    article = _published(asked())
    assert client.get(f"/articles/{article.pk}/article.{form}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/sources/../../etc/passwd/",
        "/sources/..%2f..%2fsecret-key/",
        "/sources/%00/",
        "/static/../secret-key",
        "/static/..%2f..%2fsecret-key",
        "/static/consilium/..%2f..%2fsite.sqlite3",
        "/articles/not-a-uuid/",
        f"/articles/{uuid.UUID(int=7)}/sentences/%2e%2e/",
    ],
)
def test_a_path_that_climbs_finds_nothing(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "method", ["HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "PROPFIND", "NONSENSE"]
)
@pytest.mark.parametrize("path", ["/", "/ask/", "/articles/", "/accounts/login/", "/healthz"])
def test_an_odd_method_is_answered_and_changes_nothing(client, path, method):
    answer = client.generic(method, path)
    # allauth answers any method as it answers GET or POST; nothing else does.
    welcome = {200, 302, 405} if path.startswith("/accounts/") else {405}
    assert answer.status_code in ({200, 405} if method == "HEAD" else welcome)
    assert not Run.objects.exists()


def test_a_head_has_the_headers_of_a_get_and_no_body(client):
    answer = client.head("/about/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert "Content-Security-Policy" in answer


def test_a_body_that_is_too_large_is_refused(client):
    answer = client.post(
        "/ask/", {"question": "a" * 300_000}, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {413, 400}
    assert client.post("/ask/", {f"f{n}": "" for n in range(200)}).status_code == 400
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver:99999x", "test_server@evil", ""]
)
def test_a_host_that_is_not_ours_is_refused_and_not_repeated(client, host):
    answer = client.get("/accounts/password/reset/", HTTP_HOST=host)
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_the_host_of_a_proxys_header_is_not_believed(client):
    body = client.get("/", HTTP_X_FORWARDED_HOST="evil.example").content.decode()
    assert "evil.example" not in body


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_elsewhere(client, person, where):
    told = {"login": person.email, "password": "a long enough word"}
    answer = client.post(f"/accounts/login/?next={where}", told)
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_the_pages_of_a_reader_with_a_session_are_kept_by_no_cache(client, asked):
    client.session.save()
    article = asked(by=Viewer(None, client.session.session_key))
    for path in (f"/articles/{article.pk}/", "/", f"/articles/{article.pk}/article.md"):
        assert "no-store" in client.get(path)["Cache-Control"], path


def test_there_is_no_address_that_only_debugging_has():
    names = {str(p.pattern) for p in get_resolver().url_patterns}
    assert not any("debug" in name or "silk" in name for name in names)
