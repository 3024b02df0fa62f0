"""Articles in JATS become works in full text."""

from __future__ import annotations

import io
import tarfile

import pytest
from tests import literature as made

from consilium.adapters.sources.jats import reading
from consilium.adapters.sources.readings import Skipped
from consilium.errors import MalformedSource


def one(folder, text=made.JATS):
    (work,) = reading.read(made.written(folder, "a.nxml", text))
    return work


def section(work, label):
    return next(s for s in work["sections"] if s["label"] == label)


def test_the_front_matter_says_what_the_article_is(tmp_path):
    work = one(tmp_path)
    about = work["source"]
    assert (work["id"], about["publication_type"]) == ("pmc-77", "randomised trial")
    assert (about["authors"], about["journal"], about["locator"]) == (
        "Maker AB, Walkers' Group",
        "J Made",
        "12(3):101-109",
    )
    assert (about["year"], about["published"], about["language"]) == (2020, "2020-06-04", "eng")
    assert (about["pmid"], about["pmcid"], about["doi"]) == ("1", "PMC77", "10.1000/made.1")
    assert work["topics"] == ["walking"]


@pytest.mark.parametrize(
    "url,licence,quoted",
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0", False),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0", False),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "CC BY-NC 4.0", True),
        ("https://creativecommons.org/licenses/by-sa/3.0/", "CC BY-SA 3.0", True),
        ("https://example.org/terms", "Open.", True),
    ],
)
def test_only_open_licences_let_a_text_be_shown_at_length(tmp_path, url, licence, quoted):
    work = one(tmp_path, made.JATS.replace("https://creativecommons.org/licenses/by/4.0/", url))
    assert (work["licence"], work["quoted"]) == (licence, quoted)


def test_the_abstract_is_the_first_passage_and_sections_follow(tmp_path):
    told = [(s["passage"], s["label"], s["role"], s.get("place")) for s in one(tmp_path)["sections"]]
    assert told == [
        (0, "Background", "background", None),
        (0, "Conclusions", "conclusion", None),
        (1, "Methods", "methods", "#s1"),
        (2, "Results > Pain", "results", "#s2a"),
        (3, "Results > Table 1. Pain by arm", "results", "#t1"),
        (4, "Discussion", "other", "#s3"),
        (5, "Discussion", "conclusion", "#s3"),
        (6, "Discussion > Recommendations", "recommendation", "#b1"),
    ]


def test_marks_of_references_are_left_out_and_powers_kept(tmp_path):
    assert section(one(tmp_path), "Methods")["text"] == "We studied adults. Counts of 10^9/L were normal."


def test_a_table_is_one_row_a_block_with_the_heads_of_its_columns(tmp_path):
    rows = section(one(tmp_path), "Results > Table 1. Pain by arm")["text"].split("\n")
    assert rows == ["Walking | n: 20; Score: 3.1", "Rest | n: 20; Score: 5.6", "Lower is better."]


def test_neither_references_nor_what_is_about_the_article_are_kept(tmp_path):
    text = " ".join(s["text"] for s in one(tmp_path)["sections"])
    assert "Somebody" not in text
    assert "None declared" not in text


def test_a_long_section_is_cut_into_passages_at_sentences(tmp_path):
    long = " ".join(f"Pain was {n} points in group {n} of the study." for n in range(70))
    work = one(tmp_path, made.JATS.replace("Pain fell by 2 points.", long))
    parts = [s for s in work["sections"] if s["label"] == "Results > Pain"]
    sizes = [len(s["text"].split()) for s in parts]
    assert len(parts) == 3
    assert max(sizes) <= 250
    assert min(sizes) > 150
    assert " ".join(s["text"] for s in parts) == long
    assert [s["passage"] for s in parts] == [2, 3, 4]
    assert all(s["ends"][-1] == len(s["text"]) for s in parts)


def test_an_answer_of_many_articles_is_read_one_by_one(tmp_path):
    second = made.JATS.replace('"pmc">77', '"pmc">78')
    path = made.written(tmp_path, "many.xml", f"<pmc-articleset>{made.JATS}{second}</pmc-articleset>")
    assert [work["id"] for work in reading.read(path)] == ["pmc-77", "pmc-78"]


def test_an_article_that_was_retracted_says_so(tmp_path):
    work = one(tmp_path, made.JATS.replace("Walking for pain:", "RETRACTED: Walking for pain:"))
    assert work["source"]["retracted"] is True


def packed(folder, *members):
    path = folder / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def test_an_archive_goes_on_after_an_article_at_fault(tmp_path):
    path = packed(
        tmp_path, ("x/a.nxml", made.JATS.encode()), ("x/b.nxml", b"<article>"), ("x/c.jpg", b"no"),
        ("x/d.xml", made.JATS.replace('"pmc">77', '"pmc">78').encode()),
    )  # fmt: skip
    first, second, third = reading.read_packed(path)
    assert (first["id"], third["id"]) == ("pmc-77", "pmc-78")
    assert isinstance(second, Skipped)
    assert second.place == "x/b.nxml"


def test_an_archive_without_articles_or_cut_short_is_a_fault(tmp_path):
    with pytest.raises(MalformedSource, match="holds no article"):
        list(reading.read_packed(packed(tmp_path, ("x/c.jpg", b"no"))))
    path = packed(tmp_path, ("x/a.nxml", made.JATS.encode()))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(MalformedSource):
        list(reading.read_packed(path))


def test_an_article_without_a_number_is_skipped(tmp_path):
    text = made.JATS.replace("article-id", "other-id")
    assert one(tmp_path, text) == Skipped("a.nxml", "it has no PMC number, PMID or DOI")
