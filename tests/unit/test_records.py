"""Records: the shipped ones are sound, and each kind of fault is named."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from consilium.adapters import starter
from consilium.adapters.sources.records import faults_between, faults_in, read_records
from consilium.errors import MalformedSource

RECORDS = list(starter.records())
DATA = Path(__file__).resolve().parents[2] / "data" / "starter"


def test_every_shipped_record_is_sound():
    assert [f for r in RECORDS for f in faults_in(r, r["id"])] == []
    assert faults_between(RECORDS) == []


def test_every_file_is_shipped():
    assert {r["id"] for r in RECORDS} == {path.stem for path in DATA.glob("*.yaml")}
    assert len(RECORDS) == 612
    assert sum(len(r["statements"]) for r in RECORDS) == 1859


def test_nothing_unverified_is_shipped_and_nothing_claims_a_review():
    assert {r["identity"]["status"] for r in RECORDS} <= {"VERIFIED", "PARTIAL"}
    levels = {s["verification"]["level"] for r in RECORDS for s in r["statements"]}
    assert levels <= {"primary", "secondary", "inference"}
    assert {r["review"]["status"] for r in RECORDS} == {"draft"}


def grade_without_words(r):
    r["statements"][0]["strength"] = {"normalized": "strong", "native": None}


def inference_without_premises(r):
    r["statements"][0].update(origin="inference", verification={"level": "inference"}, premises=[])


def summary_called_inference(r):
    r["statements"][0]["verification"] = {"level": "inference"}


def statement_of_another_source(r):
    r["statements"][0]["id"] = "another-source#1"


def dangling_sentence(r):
    r["statements"][0]["text"] = "These were given too."


def overlong_statement(r):
    r["statements"][0]["text"] = "x" * 401


def invented_strength(r):
    r["statements"][0]["strength"] = {"normalized": "very strong", "native": "very"}


@pytest.mark.parametrize(
    "spoil,words",
    [
        (grade_without_words, "own words"), (inference_without_premises, "premises"),
        (summary_called_inference, "does not fit"), (statement_of_another_source, "must be"),
        (dangling_sentence, "stand alone"), (overlong_statement, "is too long"), (invented_strength, "very strong"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)  # fmt: skip
def test_the_fault_is_named(spoil, words):
    record = copy.deepcopy(RECORDS[0])
    spoil(record)
    assert any(words in fault for fault in faults_in(record, "here"))


def test_a_pair_that_leads_nowhere_and_a_double_id_are_named():
    record = copy.deepcopy(RECORDS[0])
    record["statements"][0]["pairs_with"] = ["nowhere#1"]
    assert any("nowhere#1" in f for f in faults_between([record]))
    assert any("twice" in f for f in faults_between([RECORDS[0], RECORDS[0]]))


def test_yaml_json_and_json_lines_are_read_alike(tmp_path):
    (tmp_path / "a.yaml").write_text("id: a\n", "utf-8")
    (tmp_path / "a.json").write_text('{"id": "a"}', "utf-8")
    (tmp_path / "a.jsonl").write_text('{"id": "a"}\n\n', "utf-8")
    for name in ("a.yaml", "a.json", "a.jsonl"):
        assert [record for _, record in read_records(tmp_path / name)] == [{"id": "a"}]


@pytest.mark.parametrize("name,text", [("a.yaml", "a: [1"), ("a.json", "{"), ("a.jsonl", "{}\n{")])
def test_a_file_that_cannot_be_parsed_names_the_place(tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(MalformedSource, match="a\\."):
        list(read_records(tmp_path / name))


def test_every_rule_names_statements_that_the_starter_library_holds():
    from consilium.pipeline import tables

    held = {s["id"] for r in RECORDS for s in r["statements"]}
    named = [
        name
        for table in ("safety", "patterns", "values")
        for row in tables.load(table)
        for name in row["sources"]
    ]
    named += [name for row in tables.load("emergency")["patterns"] for name in row["sources"]]
    flags = tables.load("red_flags")
    named += [name for row in flags for name in (*row["act_now"], *row.get("shows", ()))]
    assert [name for name in named if name not in held] == []


def test_every_rule_names_concepts_that_the_lexicon_holds():
    from consilium.lexicon import concepts
    from consilium.pipeline import tables

    held, rules = concepts.load().concepts, tables.load("modifiers")
    named = [*rules["must_be_addressed"], *rules["child"], *rules["adult"]]
    named += [band["names"] for band in rules["ages"]] + [row["names"] for row in tables.load("values")]
    for row in tables.load("patterns"):
        named += [row["implies"], *(name for group in row["all"] for name in group)]
    for row in tables.load("red_flags"):
        named += [*row.get("unless", ()), *(name for group in row["any"] for name in group)]
    for row in tables.load("safety"):
        named += [*row["question"], *row["unless"], *row["show_if"]]
    assert [name for name in named if name not in held] == []
