"""Works in their own words become sources and sentences."""

from __future__ import annotations

from consilium.adapters.sources import works
from consilium.adapters.sources.sentences import VERSION, ends_of
from consilium.adapters.sources.stored import sentences_of, source_of
from consilium.domain.evidence import Origin, StatementKind
from consilium.domain.role import Role

FOUND = "Pain fell by 2 points. Nausea was as common."
ADVISED = "Offer exercise. See the annex."
WORK = {
    "form": works.FORM,
    "id": "pmid-1",
    "kind": "guideline",
    "source": {"title": "Exercise for pain", "publication_type": "practice guideline", "year": 2020},
    "licence": None,
    "topics": [],
    "mesh": ["Exercise"],
    "splitter": VERSION,
    "sections": [
        {"passage": 0, "label": "RESULTS", "role": "results", "text": FOUND, "ends": ends_of(FOUND)},
        {
            "passage": 1,
            "label": None,
            "role": "other",
            "text": ADVISED,
            "ends": ends_of(ADVISED),
            "place": "p. 2",
            "advice": {"0": {"native": "strong", "strength": "strong", "direction": "for"}},
        },
    ],
}


def test_sentences_are_numbered_through_all_sections() -> None:
    assert [(s.id, s.text) for s in sentences_of(WORK)] == [
        ("pmid-1#1", "Pain fell by 2 points."),
        ("pmid-1#2", "Nausea was as common."),
        ("pmid-1#3", "Offer exercise."),
        ("pmid-1#4", "See the annex."),
    ]


def test_a_sentence_says_where_it_stands_and_what_it_does() -> None:
    first, _, third, last = sentences_of(WORK)
    assert (first.heading, first.role, first.kind) == ("RESULTS", Role.RESULTS, StatementKind.FINDING)
    assert (third.locator, third.role, third.kind) == (
        "p. 2",
        Role.RECOMMENDATION,
        StatementKind.RECOMMENDATION,
    )
    assert (third.grade.native, third.grade.strength.value) == ("strong", "strong")
    assert last.role is Role.OTHER
    assert {s.origin for s in sentences_of(WORK)} == {Origin.VERBATIM}


def test_a_work_is_a_source_of_unknown_standing_unless_it_says() -> None:
    source = source_of(WORK, version=3, collection="mine")
    assert (source.id, source.version, source.collection, source.status.value) == (
        "pmid-1",
        3,
        "mine",
        "unknown",
    )


def test_a_passage_keeps_the_labels_of_its_sections() -> None:
    assert works.passages_of(WORK) == {"pmid-1:0": f"RESULTS: {FOUND}", "pmid-1:1": ADVISED}
