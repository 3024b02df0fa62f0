"""MEDLINE text (NBIB) becomes the same works as XML does."""

from __future__ import annotations

import pytest
from tests import literature as made

from consilium.adapters.sources.medline import nbib
from consilium.adapters.sources.readings import Skipped
from consilium.errors import MalformedSource


def read(folder, text=made.NBIB, name="a.nbib"):
    return list(nbib.read(made.written(folder, name, text)))


def test_a_record_keeps_what_its_fields_say(tmp_path):
    work, _ = read(tmp_path)
    about = work["source"]
    assert (work["id"], about["title"], about["journal"]) == ("pmid-1", "Walking for pain", "J Made")
    assert (about["locator"], about["year"], about["published"]) == ("12(3):101-9", 2020, "2020-06")
    assert (about["authors"], about["doi"], about["pmcid"]) == (
        "Maker AB, Walkers' Group",
        "10.1000/made.1",
        "PMC77",
    )
    assert (about["publication_type"], about["species"]) == ("randomised trial", "human")
    assert work["mesh"] == ["Pain", "Adult", "Humans"]


def test_labels_in_the_text_tell_the_roles(tmp_path):
    work, _ = read(tmp_path)
    assert [(s["label"], s["role"]) for s in work["sections"]] == [
        ("AIM", "aim"),
        ("METHODS", "methods"),
        ("RESULTS", "results"),
        ("CONCLUSION", "conclusion"),
    ]


def test_a_record_without_an_abstract_is_kept_for_what_it_says_of_itself(tmp_path):
    _, work = read(tmp_path)
    assert (work["kind"], work["sections"]) == ("guideline", [])
    assert (work["source"]["status"], work["source"]["superseded_by"]) == ("superseded", ["pmid-77"])


def test_a_packed_file_and_one_of_another_system_read_alike(tmp_path):
    plain = read(tmp_path)
    assert read(tmp_path, name="a.nbib.gz") == plain
    assert read(tmp_path, made.NBIB.replace("\n", "\r\n"), "b.nbib") == plain


@pytest.mark.parametrize(
    "line,reason",
    [
        (b"no field", "line 6 is neither a field nor goes on with one"),
        (b"TI  - \xff\xfe", "line 6 is not UTF-8"),
        (b"TI  - " + b"x" * (1 << 20), "line 6 is longer than 1,048,576 bytes"),
    ],
    ids=["junk", "bytes", "giant"],
)
def test_a_record_at_fault_is_skipped_and_the_rest_goes_on(tmp_path, line, reason):
    lines = made.NBIB.encode().split(b"\n")
    lines[5:6] = [line]
    found = read(tmp_path, b"\n".join(lines))
    assert found[0] == Skipped("PMID 1", reason)
    assert found[1]["id"] == "pmid-2"


def test_a_file_without_records_is_a_fault(tmp_path):
    with pytest.raises(MalformedSource, match="holds no MEDLINE record"):
        read(tmp_path, "nothing\nhere\n")
