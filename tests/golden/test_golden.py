"""The golden clinical cases, their twins, and what must be turned away when it is planted."""

from __future__ import annotations

import json

import pytest

from consilium import wiring
from consilium.adapters.library import curation
from consilium.adapters.library.folder import Folder
from consilium.api import encoded, outcome_of
from consilium.domain.question import Question
from consilium.evaluation import golden

CASES = list(golden.cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_case_is_answered_as_it_must_be(case, answered):
    assert golden.judge(case, answered(case.asked.text, case.asked.audience.value)) == []


def _record(name, title, text, **more):
    work = {
        "title": title,
        "publication_type": more.pop("design", "Cohort Study"),
        "status": "current",
        "population": None,
        "status_basis": "assumed",
        "retracted": more.pop("retracted", None),
        "year": 2020,
        "organisation": more.pop("organisation", []),
    }
    statement = {
        "id": f"{name}#1",
        "kind": more.pop("kind", "finding"),
        "text": text,
        "strength": {"normalized": "not_stated", "native": None},
        "certainty": {"grade": "not_stated"},
        "verification": {"level": "primary"},
        "origin": "summary",
    }
    return {
        "type": "source",
        "id": name,
        "kind": more.pop("source_kind", "study"),
        "source": work,
        "identity": {"status": "VERIFIED", "seen_at": "made for this test"},
        "reuse": {"license": "own_work", "policy": "facts_only"},
        "topics": ["umn-signs"],
        "mesh": [],
        "statements": [statement],
        "review": {"status": "draft", "reviewed_by": None, "last_checked": "2026-11-01"},
    }


PLANTED = [
    _record(
        "planted-histidine",
        "Histidine transport and upper motor neuron signs in Ehrlich ascites tumour cells",
        "Upper motor neuron signs with back pain were unrelated to histidine uptake in Ehrlich cells.",
    ),
    _record(
        "planted-lumbar",
        "Back pain imaging advice",
        "Upper motor neuron signs with back pain: MRI of the lumbar spine is the first test.",
        kind="recommendation",
        source_kind="guideline",
        design="Practice Guideline",
        organisation=["A body"],
    ),
    _record(
        "planted-retracted",
        "Upper motor neuron signs in back pain",
        "Upper motor neuron signs with back pain were found in every patient.",
        retracted=True,
    ),
]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    world = wiring.world(library=folder)
    file = folder / "records.jsonl"
    file.write_text("\n".join(json.dumps(record) for record in PLANTED), "utf-8")
    curation.add(Folder(folder), wiring.store_of(world), [file])
    world = wiring.world(library=folder)
    return encoded(outcome_of(Question("What are the UMN signs associated with back pain?"), world), world)


@pytest.mark.parametrize(
    "source,reason",
    [
        ("planted-histidine", "non_human"),
        ("planted-lumbar", "wrong_anatomy"),
        ("planted-retracted", "retracted"),
    ],
)
def test_what_was_planted_is_turned_away_with_its_reason_and_never_cited(planted, source, reason):
    assert planted["kind"] == "article"
    assert (source, reason) in {(x["source"], x["reason"]) for x in planted["run"]["excluded"]}
    assert source not in {r["source"] for r in planted["content"]["references"]}
