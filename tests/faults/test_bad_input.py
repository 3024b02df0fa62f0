"""Bad input gets a clear message and the right exit code; nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from consilium.domain.question import Question
from consilium.pipeline.enquiry import readable

RLM, ZERO_WIDTH, OVERRIDE = "\u200f", "\u200b", "\u202e"


def _clear(done, code):
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip()) > 20


@pytest.mark.parametrize("question", ["", "   ", "?!", "x" * 10_000, "back\x01\x02\x03\x04\x05 pain"])
def test_a_question_that_cannot_be_read_exits_2_and_says_what_to_do(run_cli, question):
    _clear(run_cli("ask", question), 2)


def test_binary_on_standard_input_is_refused_kindly(run_cli):
    _clear(run_cli("ask", "-", stdin="\x00\x01\x02\x03PNG\x00"), 2)


def test_hidden_characters_are_taken_out_before_the_question_is_shown(answered):
    tricked = answered(f"What helps in bron{ZERO_WIDTH}chiolitis{OVERRIDE}{RLM}?")
    assert tricked["content"]["question"] == "What helps in bronchiolitis?"


@pytest.mark.parametrize("hidden", "\u00ad\u061c\u200d\u2060\u2066\ufff9\U000e0041", ids=ascii)
def test_every_format_character_is_taken_out_on_reading_however_many_there_are(hidden):
    assert readable(Question(hidden.join("Croup?") + hidden)).text == "Croup?"


def test_a_question_in_another_language_is_told_kindly(answered):
    answer = answered("Wie behandelt man einen gebrochenen Zeh bei Vollmond?")
    assert answer["kind"] == "abstention"
    assert answer["content"]["widen"]


def test_an_abstention_exits_3(run_cli):
    done = run_cli("ask", "How do I change a bicycle tyre?", "--format", "json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["kind"] == "abstention"


def test_an_unknown_source_exits_6(run_cli):
    _clear(run_cli("show", "no-such-source"), 6)


def test_a_file_that_is_no_article_exits_7(run_cli, tmp_path):
    file = tmp_path / "note.json"
    file.write_text("[1, 2", "utf-8")
    _clear(run_cli("check", str(file)), 7)


def test_a_broken_record_file_names_the_line_and_adds_nothing(run_cli, tmp_path):
    library = tmp_path / "library"
    before = run_cli("library", "info", library=library).stdout
    file = tmp_path / "records.jsonl"
    file.write_text('{"type": "source", "id": "half"}\n{not json\n', "utf-8")
    done = run_cli("library", "add", str(file), library=library)
    _clear(done, 6)
    assert "line 2" in done.stderr
    assert run_cli("library", "info", library=library).stdout == before


def test_a_corrupt_library_is_named_with_what_to_do(run_cli, tmp_path):
    library = tmp_path / "library"
    assert run_cli("library", "info", library=library).returncode == 0
    for name in ("library.sqlite3", "library.sqlite3-wal", "library.sqlite3-shm"):
        (library / name).unlink(missing_ok=True)
    (library / "library.sqlite3").write_bytes(b"this is no database" * 500)
    done = run_cli("ask", "croup", library=library)
    _clear(done, 6)
    assert "damaged" in done.stderr


def test_a_damaged_index_is_built_again(run_cli, tmp_path):
    library = tmp_path / "library"
    assert run_cli("library", "info", library=library).returncode == 0
    for file in (library / "index").glob("g-*/meta.json"):
        file.write_text("{", "utf-8")
    assert run_cli("library", "info", library=library).returncode == 0


def test_a_library_path_that_is_a_file_is_refused(run_cli, tmp_path):
    file = tmp_path / "file"
    file.write_text("x", "utf-8")
    _clear(run_cli("ask", "croup", library=file / "below"), 6)


def test_an_output_that_cannot_be_written_is_refused(run_cli, tmp_path):
    _clear(run_cli("ask", "croup", "--output", str(tmp_path / "no" / "such" / "folder.txt")), 6)


def test_a_batch_answers_every_line_in_order_one_object_each(run_cli, tmp_path):
    file = tmp_path / "questions.txt"
    lines = ["What helps in bronchiolitis?", "?!", '{"question": "croup", "audience": "patient"}']
    file.write_text("\n".join(lines), "utf-8")
    done = run_cli("ask", "--batch", str(file), "--format", "json")
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["content"]["question"] for a in answers] == ["What helps in bronchiolitis?", "?!", "croup"]
    assert answers[1]["content"]["reason"] == "unreadable"


def test_a_batch_line_that_is_no_question_is_named(run_cli, tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "croup"}\n{"q": 1}\n', "utf-8")
    done = run_cli("ask", "--batch", str(file), "--format", "json")
    _clear(done, 2)
    assert "line 2" in done.stderr


def test_the_content_is_the_same_bytes_whatever_the_hash_seed(run_cli):
    made = {
        json.dumps(
            json.loads(run_cli("ask", "umn signs back pain", "--format", "json", PYTHONHASHSEED=seed).stdout)[
                "content"
            ]
        )
        for seed in ("1", "2", "77")
    }
    assert len(made) == 1


def _start(library):
    code = "from consilium.cli import main; main()"
    env = {**os.environ, "CONSILIUM_DATA_DIR": str(library), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", code, "library", "info"],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_two_builds_at_once_both_end_well(tmp_path):
    library = tmp_path / "library"
    both = [_start(library), _start(library)]
    outputs = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert outputs[0] == outputs[1]


def test_a_build_that_is_killed_leaves_nothing_half_built(run_cli, tmp_path):
    library = tmp_path / "library"
    process = _start(library)
    deadline = time.monotonic() + 60
    while not list(library.glob("index/building-*")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert not (library / "CURRENT").exists()
    done = run_cli("library", "info", library=library)
    assert done.returncode == 0, done.stderr
    assert list(library.glob("index/building-*")) == []


def test_a_full_disk_is_told_in_words(tmp_path):
    import sqlite3

    from consilium.adapters.library.sqlite_faults import translated
    from consilium.errors import LibraryError

    database = sqlite3.connect(tmp_path / "small.sqlite3")
    try:
        database.execute("create table t (x)")
        database.execute("pragma max_page_count = 2")
        with pytest.raises(LibraryError, match="full"), translated(tmp_path / "small.sqlite3"):
            database.executemany("insert into t values (?)", [("x" * 4000,)] * 10)
    finally:
        database.close()
