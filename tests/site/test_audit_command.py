"""``consilium audit``, in processes of its own over a database of its own."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import subprocess
import sys

import pytest
import rfc8785

COMMAND = "from consilium.cli import main; main()"
RECORD = """
import django
django.setup()
from django.core.management import call_command
from django.db import transaction
from consilium.site.audit.recording import record
call_command("migrate", verbosity=0)
for n in range(12):
    with transaction.atomic():
        record(action="article.approved", by=None, subject=f"report:{n}", details={"revision": n})
"""
DROP = "DROP TRIGGER audit_entry_update; DROP TRIGGER audit_entry_delete; DROP TRIGGER audit_entry_insert;"


def _python(folder, *arguments, **more):
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"CONSILIUM_DATA_DIR": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.run(
        [sys.executable, "-c", *arguments],
        env={**environment, **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The folder of a site that has recorded twelve entries."""
    folder = tmp_path_factory.mktemp("site")
    done = _python(folder, RECORD)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def site(kept, tmp_path):
    """A copy of it that the test may spoil, with ways to speak to it."""
    folder = tmp_path / "site"
    folder.mkdir()
    with (
        contextlib.closing(sqlite3.connect(kept / "site.sqlite3")) as source,
        contextlib.closing(sqlite3.connect(folder / "site.sqlite3")) as copy,
    ):
        source.backup(copy)
    return Site(folder)


class Site:
    """A data folder."""

    def __init__(self, folder):
        self.folder = folder

    def audit(self, *arguments, **more):
        done = _python(self.folder, COMMAND, "audit", *arguments, **more)
        assert "Traceback" not in done.stderr
        return done

    def tamper(self, statements):
        with contextlib.closing(sqlite3.connect(self.folder / "site.sqlite3")) as database:
            guards = database.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            database.executescript(DROP + statements + ";" + ";".join(sql for (sql,) in guards))


def test_the_head_is_printed_and_found_in_the_log(site):
    printed = site.audit("head").stdout.strip()
    assert printed.startswith("12:sha256:")
    done = site.audit("verify", "--head", printed)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "The log holds: 12 entries. Heads kept elsewhere that it fits: 1.",
        f"Head: {printed}",
    ]


def test_a_changed_and_a_missing_entry_are_named(site):
    site.tamper(
        "UPDATE audit_entry SET action = 'a.b' WHERE sequence = 3; DELETE FROM audit_entry WHERE sequence = 7"
    )
    done = site.audit("verify")
    assert (done.returncode, done.stdout) == (9, "")
    first, second, last = done.stderr.splitlines()
    assert first.startswith("entry 3: was changed")
    assert second == "entry 7: missing"
    assert last == "consilium: The audit log does not hold: entry 3, the first of 2 faults."


def test_entries_cut_off_are_named_only_against_a_head(site):
    printed = site.audit("head").stdout.strip()
    site.tamper("DELETE FROM audit_entry WHERE sequence > 9")
    assert site.audit("verify").returncode == 0
    done = site.audit("verify", "--head", printed)
    assert done.returncode == 9
    assert "entries 10 to 12" in done.stderr


def test_missing_triggers_are_told(site):
    with contextlib.closing(sqlite3.connect(site.folder / "site.sqlite3")) as database:
        database.execute("DROP TRIGGER audit_entry_delete")
    done = site.audit("verify")
    assert done.returncode == 9
    assert "trigger audit_entry_delete: not in place" in done.stderr


@pytest.mark.parametrize("text", ["12", "twelve", "12:abc", "12:sha256:xyz"])
def test_what_is_no_head_is_wrong_usage(site, text):
    done = site.audit("verify", "--head", text)
    assert done.returncode == 2
    assert "--head" in done.stderr


def test_what_is_exported_can_be_checked_with_nothing_but_its_lines(site):
    lines = [json.loads(line) for line in site.audit("export").stdout.splitlines()]
    assert [line["sequence"] for line in lines] == list(range(1, 13))
    previous = "sha256:" + "0" * 64
    for line in lines:
        said = line.pop("hash")
        assert line["previous"] == previous
        assert said == "sha256:" + hashlib.sha256(rfc8785.dumps(line)).hexdigest()
        previous = said
    assert site.audit("head").stdout.strip() == f"12:{previous}"


def test_an_export_goes_on_after_an_entry_and_into_a_file(site, tmp_path):
    out = tmp_path / "log.jsonl"
    done = site.audit("export", "--since", "10", "--out", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    assert [json.loads(line)["sequence"] for line in out.read_text().splitlines()] == [11, 12]
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["log.jsonl"]


def test_an_export_that_breaks_off_leaves_the_file_as_it_was(site, tmp_path):
    out = tmp_path / "log.jsonl"
    out.write_text("before")
    site.tamper("UPDATE audit_entry SET at = 'yesterday' WHERE sequence = 5")
    done = site.audit("export", "--out", str(out))
    assert done.returncode == 9
    assert "Entry 5 cannot be read" in done.stderr
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["log.jsonl"]
    assert out.read_text() == "before"


def test_a_file_that_cannot_be_written_is_told(site):
    done = site.audit("export", "--out", str(site.folder / "site.sqlite3" / "log"))
    assert done.returncode == 4
    assert "cannot be written" in done.stderr


def test_heads_are_anchored_once_and_the_log_is_compared_with_them(site, tmp_path):
    anchored = {"CONSILIUM_AUDIT_ANCHOR": str(tmp_path / "heads")}
    assert site.audit("anchor", **anchored).returncode == 0
    assert "already" in site.audit("anchor", **anchored).stdout
    assert len((tmp_path / "heads").read_text().splitlines()) == 1
    assert "it fits: 1." in site.audit("verify", **anchored).stdout
    site.tamper("DELETE FROM audit_entry WHERE sequence = 12")
    assert site.audit("verify", **anchored).returncode == 9
    done = site.audit("anchor", **anchored)
    assert done.returncode == 9
    assert "rewritten or taken away" in done.stderr


def test_an_anchor_file_that_is_gone_is_told(site, tmp_path):
    done = site.audit("verify", CONSILIUM_AUDIT_ANCHOR=str(tmp_path / "heads"))
    assert done.returncode == 4
    assert "consilium audit anchor" in done.stderr


def test_a_line_of_the_anchor_file_that_is_no_head_is_told(site, tmp_path):
    (tmp_path / "heads").write_text("nothing\n")
    done = site.audit("verify", CONSILIUM_AUDIT_ANCHOR=str(tmp_path / "heads"))
    assert done.returncode == 0
    assert "line 1" in done.stderr


def test_anchoring_without_a_file_says_what_to_set(site):
    done = site.audit("anchor")
    assert done.returncode == 4
    assert "CONSILIUM_AUDIT_ANCHOR" in done.stderr


@pytest.mark.parametrize("command", ["head", "verify", "export", "anchor"])
def test_where_there_is_no_site_that_is_told_and_none_is_made(tmp_path, command):
    folder = tmp_path / "nothing"
    done = _python(folder, COMMAND, "audit", command)
    assert done.returncode == 4
    assert "There is no database of a site" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not folder.exists()


def test_a_database_of_an_earlier_version_is_told(tmp_path):
    sqlite3.connect(tmp_path / "site.sqlite3").close()
    (tmp_path / "site.sqlite3").touch()
    done = _python(tmp_path, COMMAND, "audit", "head")
    assert done.returncode == 4
    assert "consilium serve" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "site.sqlite3").write_bytes(b"this is no database" * 400)
    done = _python(tmp_path, COMMAND, "audit", "verify")
    assert done.returncode == 4
    assert "The database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_does_not_answer_is_told(tmp_path):
    done = _python(tmp_path, COMMAND, "audit", "verify", DATABASE_URL="postgresql://x@127.0.0.1:1/x")
    assert done.returncode == 4
    assert "The database cannot be used" in done.stderr
    assert len(done.stderr.splitlines()) == 1
