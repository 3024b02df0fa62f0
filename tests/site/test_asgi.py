"""What the server that runs the site, and more than one process, ask of the settings."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings as live
from django.core.asgi import get_asgi_application
from django.core.cache import cache
from django.db import connection
from tests.site.asgi_client import ask

from consilium.site import web

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


def test_a_file_is_served_without_a_warning_of_an_iterator(settings, tmp_path):
    (tmp_path / "a.css").write_text("b { color: red }" * 500)
    settings.STATIC_ROOT = tmp_path
    app = get_asgi_application()
    answer = ask(app, "/static/a.css")
    assert (answer.status, answer.body) == (200, b"b { color: red }" * 500)
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["content-length"] == "8000"
    tag = answer.headers["etag"]
    again = ask(app, "/static/a.css", if_none_match=tag)
    assert (again.status, again.body, "content-type" in again.headers) == (304, b"", False)
    part = ask(app, "/static/a.css", range="bytes=0-1")
    assert (part.status, part.body) == (206, b"b ")
    assert ask(app, "/static/a.css", method="HEAD").headers["content-length"] == "8000"


def test_no_request_leaves_a_connection_to_the_database_open():
    """Each has a thread of its own, whose connection nobody else would find again."""
    assert connection.settings_dict["CONN_MAX_AGE"] == 0


def test_what_is_counted_here_is_known_to_another_process():
    cache.set("tried", 5)
    code = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        f"connection.settings_dict['NAME'] = {str(connection.settings_dict['NAME'])!r}\n"
        "from django.core.cache import cache; print(cache.get('tried'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "5", done.stderr


def test_beside_all_streams_there_is_room_for_pages(monkeypatch):
    given = {}
    monkeypatch.setattr(web.uvicorn, "run", lambda *_, **more: given.update(more))
    web.main("127.0.0.1", "8000")
    assert live.STREAMS + 100 <= given["limit_concurrency"] < 1024


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/v1/health", "/api/v1/ready"])
def test_who_looks_after_the_process_is_not_sent_to_https(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path).status_code == 200
    for other in (f"{path}/", f"/x{path}", "/about/"):
        assert client.get(other).status_code == (403 if other.startswith("/api/") else 301)
