"""A replay from the command line: other processes, libraries that moved on, files that are broken."""

from __future__ import annotations

import json
import shutil

import pytest
import yaml
from tests.embedding import DIMENSION, serving, vectors_of

from consilium.wiring import store_of

QUESTION = "What helps in bronchiolitis?"
SOURCE = "aap-bronchiolitis-2014"
EMERGENCY = "I have crushing chest pain and can't breathe, what should I do?"


def _clear(done, code):
    assert done.returncode == code, done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.fixture
def library(world, library_folder, tmp_path):
    """A library of its own."""
    shutil.copytree(library_folder, tmp_path / "library", ignore=shutil.ignore_patterns("vectors", "models"))
    return tmp_path / "library"


@pytest.fixture
def recorded(run_cli, tmp_path):
    def record(*asked, code=0, **more):
        file = tmp_path / "replay.json"
        _clear(run_cli("ask", *asked, "--replay", str(file), **more), code)
        assert list(tmp_path.glob("*.part")) == []
        return file

    return record


@pytest.mark.parametrize(
    "asked,code",
    [
        ((QUESTION, "--for", "patient", "--country", "UK"), 0),
        (("umn signs back pain", "--as-of", "2025-03-01", "--explain", "--format", "json"), 0),
        (("How is Fabry disease of the teapot treated?",), 3),
        ((EMERGENCY,), 3),
    ],
)
def test_another_process_with_another_hash_seed_gives_the_same(run_cli, recorded, asked, code):
    file = recorded(*asked, code=code, PYTHONHASHSEED="1")
    done = run_cli("replay", str(file), PYTHONHASHSEED="2")
    _clear(done, 0)
    assert f"The same {'article' if code == 0 else 'abstention'}: sha256:" in done.stdout
    told = json.loads(run_cli("replay", str(file), "--json").stdout)
    assert told["same"] is True
    assert told["changes"] == []
    assert told["then"] == told["now"] == json.loads(file.read_text("utf-8"))["article"]["id"]


def test_a_follow_up_is_replayed_without_the_answer_that_it_follows(run_cli, recorded, tmp_path):
    first = tmp_path / "first.json"
    _clear(run_cli("ask", QUESTION, "--format", "json", "--output", str(first)), 0)
    file = recorded("and oxygen?", "--follow-up", str(first))
    first.unlink()
    assert json.loads(file.read_text("utf-8"))["plan"]["inherited"]
    _clear(run_cli("replay", str(file)), 0)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_an_answer_by_meaning_is_replayed_and_without_its_vectors_says_so(run_cli, recorded, library):
    with serving(lambda body, _: (200, {}, vectors_of(body))) as url:
        service = {
            "CONSILIUM_EMBEDDING_URL": url,
            "CONSILIUM_EMBEDDING_MODEL": "words",
            "CONSILIUM_EMBEDDING_DIMENSION": str(DIMENSION),
        }
        _clear(run_cli("library", "embed", library=library, **service), 0)
        file = recorded(QUESTION, library=library, **service)
        _clear(run_cli("replay", str(file), library=library, **service), 0)
    shutil.rmtree(library / "vectors")
    told = json.loads(run_cli("replay", str(file), "--json", library=library).stdout)
    assert told["first"] == "vectors"


def _renewed(world, library, tmp_path, run_cli, change):
    """Add a record of the world's, changed, to a library."""
    record = store_of(world).record(SOURCE)
    change(record)
    file = tmp_path / "record.yaml"
    file.write_text(yaml.safe_dump(record), "utf-8")
    _clear(run_cli("library", "add", str(file), library=library), 0)


def test_a_library_that_moved_on_is_named_with_what_it_did_to_the_answer(
    run_cli, recorded, world, library, tmp_path
):
    file = recorded(QUESTION, library=library)

    def change(record):
        record["statements"][2]["text"] = "Bronchiolitis at 1-23 months of age: never give corticosteroids."

    _renewed(world, library, tmp_path, run_cli, change)
    done = run_cli("replay", str(file), library=library)
    _clear(done, 10)
    assert "Not the same article. What differs first: library." in done.stdout
    assert f"changed: {SOURCE} (version 1 → 2)" in done.stdout
    assert f"sentence reworded: {SOURCE}#3" in done.stdout
    told = json.loads(run_cli("replay", str(file), "--json", library=library).stdout)
    assert told["same"] is False
    assert told["first"] == "library"
    assert told["then"] != told["now"]


def test_a_library_that_moved_on_elsewhere_gives_the_same_article_and_says_what_changed(
    run_cli, recorded, world, library, tmp_path
):
    file = recorded("umn signs back pain", library=library)
    _renewed(world, library, tmp_path, run_cli, lambda record: record["source"].update(journal="Another"))
    done = run_cli("replay", str(file), library=library)
    _clear(done, 0)
    assert "The same article" in done.stdout
    assert "made no difference to what it says" in done.stdout
    assert "generation of " in done.stdout


def test_another_emergency_number_is_another_notice(run_cli, recorded):
    file = recorded(EMERGENCY, code=3, CONSILIUM_EMERGENCY_NUMBER="112")
    done = run_cli("replay", str(file), CONSILIUM_EMERGENCY_NUMBER="999")
    _clear(done, 10)
    assert "emergency number 112 → 999" in done.stdout


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "consilium/replay/9"}', "\x00\xff"])
def test_a_file_that_is_no_replay_file_exits_7_and_says_why(run_cli, tmp_path, content):
    file = tmp_path / "broken.json"
    file.write_bytes(content.encode("latin-1"))
    done = run_cli("replay", str(file))
    _clear(done, 7)
    assert "broken.json" in done.stderr


def test_a_file_that_is_not_there_exits_7(run_cli, tmp_path):
    _clear(run_cli("replay", str(tmp_path / "none.json")), 7)


def test_a_replay_file_that_cannot_be_written_is_told_and_the_answer_not_given_as_if_it_were(
    run_cli, tmp_path
):
    done = run_cli("ask", QUESTION, "--replay", str(tmp_path / "no folder" / "a.json"))
    _clear(done, 6)
    assert "cannot be written" in done.stderr
    assert done.stdout == ""


def test_a_batch_is_not_recorded(run_cli, tmp_path):
    done = run_cli(
        "ask", "--batch", "-", "--format", "json", "--replay", str(tmp_path / "a"), stdin="croup\n"
    )
    _clear(done, 2)
    assert "one at a time" in done.stderr


def test_a_name_is_asked_about_nowhere_where_an_answer_is_recorded(run_cli, recorded, tmp_path):
    shown = tmp_path / "answer.txt"
    file = recorded("My father John Smith has croup, what helps?", "--output", str(shown))
    assert "Smith" not in file.read_text("utf-8")
    assert "Smith" not in shown.read_text("utf-8")


@pytest.mark.parametrize("form", ["json", "html", "markdown"])
def test_an_explanation_leaves_an_answer_in_another_form_as_it_is(run_cli, form):
    plain = run_cli("ask", QUESTION, "--format", form, "--as-of", "2026-01-01")
    told = run_cli("ask", QUESTION, "--format", form, "--as-of", "2026-01-01", "--explain")
    _clear(told, 0)
    assert len(told.stdout) == len(plain.stdout)
    assert "How this answer came about" in told.stderr
