"""What a user sees of vectors and models: said once, with what to do, and the answer comes all the same."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests import MODEL
from tests.embedding import DIMENSION, serving, vectors_of

from consilium.adapters.embedding import installed
from consilium.adapters.vectors import manifest

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
ROOT = Path(__file__).resolve().parents[2]
QUESTION = "What helps in bronchiolitis?"


@pytest.fixture
def library(world, library_folder, tmp_path):
    """A library of its own."""
    shutil.copytree(library_folder, tmp_path / "library", ignore=shutil.ignore_patterns("vectors", "models"))
    return tmp_path / "library"


@pytest.fixture
def service():
    """Settings of a service that gives vectors."""
    with serving(lambda body, _: (200, {}, vectors_of(body))) as url:
        yield {
            "CONSILIUM_EMBEDDING_URL": url,
            "CONSILIUM_EMBEDDING_MODEL": "words",
            "CONSILIUM_EMBEDDING_DIMENSION": str(DIMENSION),
        }


@pytest.fixture
def embedded(run_cli, library, service):
    done = run_cli("library", "embed", library=library, **service)
    assert done.returncode == 0, done.stderr
    assert "a second" in done.stderr
    return library


def _clear(done, code):
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_a_library_without_vectors_answers_by_text_and_explain_says_so_once(run_cli, library):
    done = run_cli("ask", QUESTION, "--explain", library=library)
    _clear(done, 0)
    assert (
        done.stdout.count("Searched by text alone: the library has no vectors (consilium library embed).")
        == 1
    )
    assert "text alone" not in done.stderr


def test_a_library_without_vectors_is_asked_without_loading_numpy(library):
    code = (
        "import sys; from consilium.api import ask; from pathlib import Path; "
        f"assert ask({QUESTION!r}, library=Path({str(library)!r}))['kind'] == 'article'; "
        "print('numpy' in sys.modules, 'urllib.request' in sys.modules)"
    )
    env = {"PYTHONPATH": ":".join(sys.path), "HOME": str(library)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_with_vectors_an_answer_says_so_and_names_their_generation(run_cli, embedded, service):
    done = run_cli("ask", QUESTION, "--explain", library=embedded, **service)
    _clear(done, 0)
    assert "Searched by text and by meaning (words, " in done.stdout
    answer = json.loads(run_cli("ask", QUESTION, "--format", "json", library=embedded, **service).stdout)
    assert answer["run"]["generations"]["vectors"] > 0


def test_text_alone_can_be_chosen(run_cli, embedded, service):
    done = run_cli("ask", QUESTION, "--explain", library=embedded, **service, CONSILIUM_SEARCH="text")
    assert "Searched by text alone: CONSILIUM_SEARCH says so." in done.stdout


@pytest.mark.parametrize(
    "spoil,word",
    [
        (lambda folder: next(folder.glob("v-*.f32")).write_bytes(b"short"), "damaged"),
        (lambda folder: (folder / "manifest.json").write_text("{", "utf-8"), "damaged"),
        (lambda folder: next(folder.glob("v-*.tsv")).unlink(), "damaged"),
    ],
)
def test_damaged_vectors_leave_the_answer_to_text_and_are_named_once(run_cli, embedded, service, spoil, word):
    spoil(embedded / "vectors")
    done = run_cli("ask", QUESTION, library=embedded, **service)
    _clear(done, 0)
    assert done.stderr.count("Searched by text alone") == 1
    assert word in done.stderr
    assert "consilium library embed --again" in done.stderr
    doctor = run_cli("doctor", library=embedded, **service)
    assert word in doctor.stdout


def test_vectors_of_another_model_leave_the_answer_to_text(run_cli, embedded, service):
    other = {**service, "CONSILIUM_EMBEDDING_MODEL": "others"}
    done = run_cli("ask", QUESTION, library=embedded, **other)
    _clear(done, 0)
    assert "model 'words', not 'others'" in done.stderr
    _clear(run_cli("library", "embed", library=embedded, **other), 6)
    again = run_cli("library", "embed", "--again", library=embedded, **other)
    _clear(again, 0)


def test_a_service_that_is_gone_leaves_the_answer_to_text(run_cli, embedded, service):
    gone = {**service, "CONSILIUM_EMBEDDING_URL": "http://127.0.0.1:9/v1/embeddings"}
    done = run_cli("ask", QUESTION, library=embedded, **gone)
    _clear(done, 0)
    assert done.stderr.count("Searched by text alone: No vectors from") == 1
    _clear(run_cli("library", "embed", "--again", library=embedded, **gone), 5)


def test_vectors_without_a_model_are_named_with_what_to_install(run_cli, embedded):
    done = run_cli("ask", QUESTION, library=embedded)
    _clear(done, 0)
    assert "consilium models install" in done.stderr


def test_a_batch_says_it_once(run_cli, embedded, tmp_path):
    file = tmp_path / "questions.txt"
    file.write_text("croup\ncroup\ncroup\n", "utf-8")
    done = run_cli("ask", "--batch", str(file), "--format", "json", library=embedded)
    assert done.stderr.count("Searched by text alone") == 1
    assert len(done.stdout.splitlines()) == 3


def test_embedding_without_a_model_exits_4_and_says_what_to_do(run_cli, library):
    done = run_cli("library", "embed", library=library)
    _clear(done, 4)
    assert "consilium models install" in done.stderr


def test_without_numpy_the_extra_is_named(run_cli, embedded, service, tmp_path):
    (tmp_path / "numpy.py").write_text("raise ImportError('No module named numpy')", "utf-8")
    path = ":".join([str(tmp_path), *sys.path])
    _clear(run_cli("library", "embed", library=embedded, **service, PYTHONPATH=path), 4)
    done = run_cli("ask", QUESTION, library=embedded, **service, PYTHONPATH=path)
    _clear(done, 0)
    assert "consilium[dense]" in done.stderr


def _with_int8(embedded):
    """A library with the installed model, and the settings that ask for eight bits."""
    if not installed.is_there(MODEL):
        pytest.skip("the embedding model is not installed (consilium models install)")
    installed.folder_of(embedded).parent.mkdir(exist_ok=True)
    installed.folder_of(embedded).symlink_to(MODEL)
    return {"CONSILIUM_EMBEDDING_RUNTIME": "onnxruntime"}


def test_without_the_model_of_eight_bits_text_answers_and_says_how_to_make_it(run_cli, embedded):
    asked = _with_int8(embedded)
    assert "not made (consilium models install --int8)" in run_cli("models", "list", library=embedded).stdout
    _clear(run_cli("library", "embed", "--again", library=embedded, **asked), 4)
    done = run_cli("ask", QUESTION, library=embedded, **asked)
    _clear(done, 0)
    assert "consilium models install --int8" in done.stderr


def test_without_onnxruntime_the_extra_is_named(run_cli, embedded, tmp_path):
    asked = _with_int8(embedded)
    installed.int8_of(embedded).write_bytes(b"\0" * installed.INT8.size)
    (tmp_path / "onnxruntime.py").write_text("raise ImportError('No module named onnxruntime')", "utf-8")
    path = ":".join([str(tmp_path), *sys.path])
    done = run_cli("ask", QUESTION, library=embedded, **asked, PYTHONPATH=path)
    _clear(done, 0)
    assert "consilium[onnx]" in done.stderr
    assert "NOT USABLE" in run_cli("models", "list", library=embedded).stdout


def test_a_runtime_that_there_is_not_exits_4_and_names_those_there_are(run_cli, embedded):
    done = run_cli("ask", QUESTION, library=embedded, CONSILIUM_EMBEDDING_RUNTIME="torch")
    _clear(done, 4)
    assert "numpy or onnxruntime" in done.stderr


def test_who_interrupts_embedding_keeps_what_was_embedded(run_cli, library):
    asked, process = [], []

    def answer(body, _):
        asked.append(body)
        if len(asked) == 20:  # in the second step of 16 requests
            process[0].send_signal(signal.SIGINT)
        return 200, {}, vectors_of(body)

    with serving(answer) as url:
        env = {
            **os.environ, "CONSILIUM_EMBEDDING_URL": url, "CONSILIUM_EMBEDDING_MODEL": "words",
            "CONSILIUM_EMBEDDING_DIMENSION": str(DIMENSION), "PYTHONPATH": os.pathsep.join(sys.path),
        }  # fmt: skip
        code = "from consilium.cli import main; main()"
        process.append(
            subprocess.Popen(
                [sys.executable, "-c", code, "library", "embed", "--library", str(library)],
                env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        told = process[0].communicate(timeout=120)[1]
    assert process[0].returncode == 130
    assert "what was embedded is kept" in told
    assert sum(s.rows for s in manifest.read(library / "vectors").segments) == 1024


def test_a_library_that_grows_is_told_that_its_vectors_are_behind(run_cli, embedded, service, tmp_path):
    starter = yaml.safe_load((ROOT / "data/starter/nice-ng234.yaml").read_text("utf-8"))
    text = json.dumps(starter).replace("nice-ng234", "own-1")
    (tmp_path / "own.json").write_text(text, "utf-8")
    done = run_cli("library", "add", str(tmp_path / "own.json"), library=embedded, **service)
    _clear(done, 0)
    assert "sentences have none yet; run `consilium library embed`" in done.stderr
    assert "vectors: " in run_cli("doctor", library=embedded, **service).stdout
    _clear(run_cli("library", "embed", library=embedded, **service), 0)
    assert "vectors: " not in run_cli("doctor", library=embedded, **service).stdout


def test_a_wrong_model_file_is_named_by_doctor_and_refused(run_cli, embedded):
    if not installed.is_there(MODEL):
        pytest.skip("the embedding model is not installed (consilium models install)")
    folder = installed.folder_of(embedded)
    folder.mkdir(parents=True)
    shutil.copy(MODEL / installed.VOCABULARY, folder)
    (folder / installed.WEIGHTS).write_bytes(b"\0" * 90_868_376)
    assert "NOT USABLE" in run_cli("models", "list", library=embedded).stdout
    done = run_cli("library", "embed", "--again", library=embedded)
    _clear(done, 4)
    assert "consilium models install --again" in done.stderr
    done = run_cli("ask", QUESTION, library=embedded)
    _clear(done, 0)
    assert "Searched by text alone" in done.stderr


def test_a_wheel_that_is_none_exits_4_and_installs_nothing(run_cli, tmp_path):
    (tmp_path / "model.whl").write_bytes(b"PK")
    done = run_cli("models", "install", "--from-file", str(tmp_path / "model.whl"), library=tmp_path / "data")
    _clear(done, 4)
    assert "SHA-256" in done.stderr
    listed = run_cli("models", "list", library=tmp_path / "data")
    assert "not installed (consilium models install)" in listed.stdout
