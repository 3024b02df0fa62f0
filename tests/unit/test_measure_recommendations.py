"""How well recommendations are recognised in real guidelines, on labels that hold no sentence of theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from consilium.adapters.sources.documents.reading import read
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.works import is_work, sentences_of
from consilium.domain.evidence import StatementKind
from tests.papers import pdf_of
from tools.measure_recommendations import labels, measured, name_of, rows, together, unseen, write

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "guidelines"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the shared guidelines are not here")
GRADES = {"A": "strong", "B": "strong", "C": "conditional", "D": "strong", "I": "insufficient"}


def test_the_labels_hold_digests_and_no_sentences():
    told = labels()
    assert len(told) >= 200
    assert {key for label in told for key in label} == {
        "document",
        "number",
        "sha256",
        "stratum",
        "advice",
        "sample",
    }
    assert all(len(label["sha256"]) == len("sha256:") + 64 for label in told)


@needs_data
def test_the_labels_are_of_documents_that_the_words_were_not_written_on():
    assert {label["document"] for label in labels()} <= unseen(DATA)


@needs_data
def test_recommendations_are_found_with_nine_in_ten_right_and_nine_in_ten_found():
    counts, wrong = measured(DATA, [label for label in labels() if label["sample"] == 4])
    found = together(counts)
    assert found.lost <= 10
    assert found.precision >= 0.9, wrong
    assert found.recall >= 0.9, wrong


@needs_data
def test_every_document_of_both_sets_is_read_or_given_a_reason(tmp_path):
    paths = write(DATA, tmp_path)
    made = [item for path in paths for item in read(path)]
    works = [item for item in made if is_work(item)]
    assert len(paths) == len(works) + sum(isinstance(item, Skipped) for item in made) == 407
    assert len({work["id"] for work in works}) == 407


@needs_data
def test_every_recommendation_of_the_task_force_has_its_own_grade(tmp_path):
    told = {name_of(row): row["metadata"]["grade"] for row in rows(DATA, "uspstf_2021")}
    wrong = []
    for path in (path for path in write(DATA, tmp_path) if path.suffix == ".html"):
        work = list(read(path))[-1]
        advice = [s for s in sentences_of(work) if s.kind is StatementKind.RECOMMENDATION]
        if not advice or advice[0].grade.strength.value != GRADES[told[work["id"]]]:
            wrong.append((work["id"], [s.grade for s in advice]))
    assert wrong == []


@needs_data
def test_a_book_of_all_conditions_is_read_as_a_pdf_page_by_page(tmp_path):
    book = [row["text"].splitlines() for row in rows(DATA, "nigeria_stg_2022")]
    pages = [lines[at : at + 55] for lines in book for at in range(0, len(lines), 55)]
    headed = [["Standard Treatment Guidelines", *page, str(number)] for number, page in enumerate(pages, 1)]
    path = tmp_path / "book.pdf"
    path.write_bytes(pdf_of(headed))
    work = list(read(path, {"title": "Guidelines", "organisation": "Ministry", "year": 2022}))[-1]
    sentences = sentences_of(work)
    found = {s.locator for s in sentences}
    assert found <= {f"p. {number}" for number in range(1, len(pages) + 1)}
    assert (
        len(found) >= len(pages) - 2
    )  # two pages hold only the end of a list that begins on the page before
    assert not any("Standard Treatment Guidelines" in s.text for s in sentences)
    assert sum(s.kind is StatementKind.RECOMMENDATION for s in sentences) > 1500
