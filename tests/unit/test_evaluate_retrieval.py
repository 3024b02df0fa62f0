"""`consilium evaluate retrieval`: figures, comparisons, the log, and what is said when something is wrong."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest
from tests.collection import DOCUMENTS, corpus, write
from tests.embedding import FakeEmbedder

from consilium import wiring
from consilium.cli import main
from consilium.evaluation import experiments, retrieval

SCIFACT = Path(__file__).resolve().parents[3] / "shared" / "data" / "scifact"
KEYS = {"ndcg@10", "recall@100", "mrr", "p50_ms", "p95_ms", "documents", "queries"}


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "small")


@pytest.fixture
def evaluate(tmp_path, monkeypatch, capsys):
    """Run `consilium evaluate …` here; gives the exit code, what was answered and what was said."""
    monkeypatch.setenv("CONSILIUM_DATA_DIR", str(tmp_path / "data"))

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["consilium", "evaluate", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture
def embedder(monkeypatch):
    model = FakeEmbedder()
    monkeypatch.setattr(wiring, "embedder", lambda *_, **__: model)
    return model


def test_one_system_is_told_as_one_flat_object(evaluate, folder):
    code, out, _ = evaluate("retrieval", folder, "--system", "text", "--json")
    found = json.loads(out)
    assert code == 0
    assert found.keys() >= KEYS
    assert (found["documents"], found["queries"], found["system"]) == (12, 4, "text")


def test_the_figures_are_those_worked_by_hand(evaluate, tmp_path):
    # "croup" is in a alone: 1. "gout" is in the shorter c before b: the relevant b stands second.
    documents = {"a": ("", "croup"), "b": ("", "gout and more besides"), "c": ("", "gout")}
    small = write(
        tmp_path / "c", documents, {"q1": "croup", "q2": "gout"}, {"q1": {"a": 1}, "q2": {"b": 1, "a": 1}}
    )
    found = json.loads(evaluate("retrieval", small, "--system", "text", "--json")[1])
    second = 0.6309297535714575 / (1 + 0.6309297535714575)
    assert found["ndcg@10"] == pytest.approx((1 + second) / 2, abs=1e-4)
    assert found["mrr"] == 0.75
    assert found["recall@100"] == 0.75


def test_without_a_model_text_alone_is_measured(evaluate, folder):
    _, out, _ = evaluate("retrieval", folder, "--json")
    assert json.loads(out)["system"] == "text"


def test_several_systems_are_told_by_name_and_compared_with_the_first(evaluate, folder, embedder):
    _, out, _ = evaluate(
        "retrieval", folder, "--system", "text", "--system", "dense", "--system", "hybrid", "--json"
    )
    found = json.loads(out)
    assert list(found) == ["text", "dense", "hybrid", "comparisons"]
    assert found["hybrid"].keys() >= KEYS
    assert [(pair["system"], pair["baseline"]) for pair in found["comparisons"]] == [
        ("dense", "text"),
        ("hybrid", "text"),
    ]
    for pair in found["comparisons"]:
        assert pair["low"] <= pair["difference"] <= pair["high"]


def test_a_second_run_embeds_nothing_and_finds_the_same(evaluate, folder, embedder):
    first = json.loads(evaluate("retrieval", folder, "--system", "hybrid", "--json")[1])
    again = json.loads(evaluate("retrieval", folder, "--system", "hybrid", "--json")[1])
    assert len(embedder.encoded) == len(DOCUMENTS)
    assert all(first[key] == again[key] for key in KEYS - {"p50_ms", "p95_ms"})


def test_how_far_embedding_is_goes_to_standard_error(evaluate, folder, embedder):
    _, _, err = evaluate("retrieval", folder, "--system", "dense", "--json")
    assert "12 of 12 documents" in err


def test_another_corpus_has_another_index(evaluate, folder):
    evaluate("retrieval", folder, "--system", "text")
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(corpus({"d1": ("", "Croup.")}).encode()))
    _, out, err = evaluate("retrieval", folder, "--system", "text", "--json")
    assert json.loads(out)["documents"] == 1
    assert "relevant documents are not in the corpus" in err


def test_nothing_is_written_beside_the_collection(evaluate, folder):
    before = sorted(folder.rglob("*"))
    evaluate("retrieval", folder, "--system", "text")
    assert sorted(folder.rglob("*")) == before


def test_the_table_shows_each_system_and_the_difference(evaluate, folder, embedder):
    _, out, _ = evaluate("retrieval", folder, "--system", "text", "--system", "hybrid")
    assert out.splitlines()[0] == "12 documents, 4 queries"
    assert [line.split()[0] for line in out.splitlines()[1:4]] == ["system", "text", "hybrid"]
    assert "hybrid − text: nDCG@10" in out


def test_fewer_queries_are_drawn_by_the_seed(evaluate, folder):
    found = json.loads(evaluate("retrieval", folder, "--system", "text", "--limit", "2", "--json")[1])
    assert found["queries"] == 2
    assert retrieval.sample("abcdefgh", 3, 5) == retrieval.sample("abcdefgh", 3, 5)
    assert retrieval.sample("abcdefgh", 3, 5) != retrieval.sample("abcdefgh", 3, 6)


def test_what_the_files_do_not_agree_about_is_counted_and_told(evaluate, tmp_path):
    odd = write(tmp_path / "c", judged={"q1": {"d1": 1, "gone": 1}, "q7": {"d1": 1}})
    _, out, err = evaluate("retrieval", odd, "--system", "text", "--json")
    found = json.loads(out)
    assert found["queries"] == 1
    assert found["queries_without_relevant"] == 3
    assert found["judged_queries_missing"] == 1
    assert found["relevant_documents_missing"] == 1
    assert found["recall@100"] == 0.5
    assert len(err.splitlines()) == 4  # each of the three, and that it is indexed


def test_each_run_adds_a_line_a_system_to_the_log(evaluate, folder, embedder, tmp_path):
    log = tmp_path / "log.jsonl"
    evaluate("retrieval", folder, "--system", "text", "--system", "dense", "--log", log)
    evaluate("retrieval", folder, "--system", "text", "--seed", "3", "--log", log)
    entries = experiments.entries(log)
    assert [entry["system"] for entry in entries] == ["text", "dense", "text"]
    assert entries[0]["files"].keys() == {"corpus", "queries", "qrels"}
    assert entries[1]["parameters"]["embedder"]["model"] == "words"
    assert entries[2]["parameters"]["seed"] == 3
    assert entries[0]["figures"]["queries"] == 4


def test_the_log_is_shown_as_a_table(evaluate, folder, tmp_path):
    log = tmp_path / "log.jsonl"
    evaluate("retrieval", folder, "--system", "text", "--log", log)
    code, out, _ = evaluate("log", log)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [
        "date",
        experiments.entries(log)[0]["date"][:19],
    ]
    assert " small " in out.splitlines()[1]


def test_a_file_that_is_no_log_is_told_by_its_line(evaluate, tmp_path):
    file = tmp_path / "log.jsonl"
    file.write_text('{"a": 1}\n')
    code, _, err = evaluate("log", file)
    assert code == 2
    assert "line 1 is no entry of an experiment log" in err


def test_a_log_that_cannot_be_written_says_so_and_loses_no_figure(evaluate, folder, tmp_path):
    code, out, err = evaluate("retrieval", folder, "--system", "text", "--json", "--log", tmp_path)
    assert code == 4
    assert json.loads(out).keys() >= KEYS
    assert "cannot be written" in err


def test_a_system_that_nobody_knows_is_answered_with_those_that_there_are(evaluate, folder):
    code, _, err = evaluate("retrieval", folder, "--system", "psychic")
    assert code == 2
    assert "text, dense, hybrid" in err.replace("\n", " ")


def test_dense_without_a_model_says_how_to_install_one(evaluate, folder):
    code, _, err = evaluate("retrieval", folder, "--system", "dense")
    assert code == 4
    assert "consilium models install" in err


def test_a_folder_that_is_none_is_wrong_usage(evaluate, tmp_path):
    assert evaluate("retrieval", tmp_path / "nowhere")[0] == 2


def test_a_collection_that_is_broken_is_one_line_and_no_traceback(evaluate, folder):
    file = folder / "corpus.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-30])
    code, out, err = evaluate("retrieval", folder, "--system", "text")
    assert (code, out) == (2, "")
    assert err.startswith("consilium: ")
    assert len(err.splitlines()) == 1


def test_a_corpus_without_a_document_says_so(evaluate, tmp_path):
    code, _, err = evaluate("retrieval", write(tmp_path / "c", documents={}), "--system", "text")
    assert code == 2
    assert "corpus.jsonl.gz holds no document" in err


@pytest.mark.skipif(not SCIFACT.is_dir(), reason="the SciFact data are not beside the checkout")
def test_text_finds_on_scifact_what_bm25_is_known_to_find(evaluate):
    found = json.loads(evaluate("retrieval", SCIFACT, "--system", "text", "--json")[1])
    assert (found["documents"], found["queries"]) == (5183, 300)
    assert found["ndcg@10"] == pytest.approx(0.689, abs=0.004)
    assert found["recall@100"] == pytest.approx(0.918, abs=0.004)
