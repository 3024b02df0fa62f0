"""Documents of test collections become works."""

from __future__ import annotations

import json

from tests import literature as made

from consilium.adapters.sources import beir
from consilium.adapters.sources.readings import Skipped


def read(folder, *items):
    lines = "\n".join(item if isinstance(item, str) else json.dumps(item) for item in items)
    return list(beir.read(made.written(folder, "a.jsonl", lines)))


def test_a_document_keeps_what_its_metadata_says(tmp_path):
    (work,) = read(
        tmp_path,
        {
            "_id": "PMC5",
            "title": "Walking for pain",
            "text": "Methods: We walked. Results: Pain fell. Conclusions: Walk.",
            "metadata": {
                "pmid": "9", "pmcid": "PMC5", "doi": "10.1/x", "year": 2019, "journal": "J Made",
                "license": "http://creativecommons.org/licenses/by/2.0",
                "publication_types": ["Randomized Controlled Trial"], "keywords": ["walking"],
            },
        },
    )  # fmt: skip
    about = work["source"]
    assert (work["id"], about["pmid"], about["pmcid"], about["year"]) == ("pmc-5", "9", "PMC5", 2019)
    assert (work["licence"], work["quoted"], about["publication_type"]) == (
        "CC BY 2.0",
        False,
        "randomised trial",
    )
    assert [s["role"] for s in work["sections"]] == ["methods", "results", "conclusion"]
    assert "retracted" not in about


def test_a_document_without_a_number_goes_by_its_own(tmp_path):
    (work,) = read(tmp_path, {"_id": "my doc/1", "title": "", "text": "Something."})
    assert (work["id"], work["source"]["title"]) == ("doc-my-doc-1", "doc-my-doc-1")
    assert "pmid" not in work["source"]
    assert "url" not in work["source"]


def test_sections_are_full_text(tmp_path):
    (work,) = read(
        tmp_path, {"_id": "1", "title": "T", "sections": [["Results", "Pain fell."], ["", "More."]]}
    )
    assert [(s["passage"], s["label"], s["role"]) for s in work["sections"]] == [
        (0, "Results", "results"),
        (1, None, "other"),
    ]


def test_lines_at_fault_are_skipped_with_their_number(tmp_path):
    found = read(tmp_path, "{no", '["x"]', {"title": "no id"}, {"_id": "1", "title": "T", "text": "x"})
    assert [f.place for f in found[:3]] == ["a.jsonl, line 1", "a.jsonl, line 2", "a.jsonl, line 3"]
    assert all(isinstance(f, Skipped) for f in found[:3])
    assert found[3]["id"] == "doc-1"
