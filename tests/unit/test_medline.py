"""PubMed XML becomes works, field by field."""

from __future__ import annotations

import hashlib

import pytest
from tests import literature as made

from consilium.adapters.sources import works
from consilium.adapters.sources.medline import pubmed
from consilium.adapters.sources.readings import Deleted, Skipped
from consilium.adapters.sources.stored import sentences_of, source_of
from consilium.errors import MalformedSource


def read(folder, *articles, name="a.xml", head=""):
    return list(pubmed.read(made.written(folder, name, made.pubmed(*articles, head=head))))


def one(folder, **fields):
    (work,) = read(folder, made.article(**fields))
    return work


def test_an_article_keeps_what_its_record_says(tmp_path):
    work = one(tmp_path)
    about = work["source"]
    assert (work["id"], work["kind"], work["form"]) == ("pmid-1", "study", works.FORM)
    assert about["title"] == "Walking for pain"
    assert (about["authors"], about["journal"], about["locator"]) == ("Maker AB", "J Made", "12(3):101-9")
    assert (about["year"], about["published"], about["revised"]) == (2020, "2020-06", "2021-03-04")
    assert (about["pmid"], about["pmcid"], about["doi"]) == ("1", "PMC77", "10.1000/made.1")
    assert (about["language"], about["retracted"]) == ("eng", False)
    assert (work["licence"], work["quoted"]) == ("Copyright 2020 Nobody.", True)


def test_a_work_becomes_a_source_and_sentences(tmp_path):
    work = one(tmp_path)
    assert source_of(work).title == "Walking for pain"
    assert [s.text for s in sentences_of(work)][-1] == "Walking reduced pain."


def test_labels_tell_the_roles_and_a_label_of_two_is_parted_where_results_begin(tmp_path):
    work = one(tmp_path)
    told = [(s["label"], s["role"], len(s["ends"])) for s in work["sections"]]
    assert told == [
        ("AIM", "aim", 1),
        ("METHODS AND RESULTS", "methods", 2),
        ("METHODS AND RESULTS", "results", 1),
        ("CONCLUSION", "conclusion", 1),
    ]


def test_an_abstract_is_one_passage_and_a_label_stands_in_it_once(tmp_path):
    (text,) = works.passages_of(one(tmp_path)).values()
    assert text.count("METHODS AND RESULTS: ") == 1


def test_inline_markup_is_kept_as_text_and_a_power_of_ten_as_a_power(tmp_path):
    work = one(tmp_path, title="The <i>TP53</i> gene, CO<sub>2</sub> and 10<sup>9</sup>/L.")
    assert work["source"]["title"] == "The TP53 gene, CO2 and 10^9/L"


def test_the_brackets_of_a_translated_title_are_taken_off(tmp_path):
    work = one(
        tmp_path,
        title="[Walking for pain].</ArticleTitle><VernacularTitle>Marcher.</VernacularTitle><ArticleTitle>[Walking for pain].",
    )
    assert work["source"]["title"] == "Walking for pain"
    assert work["source"]["vernacular_title"] == "Marcher."


def test_an_abstract_without_labels_has_roles_by_words_and_place(tmp_path):
    text = (
        "Back pain is a common problem in primary care. The aim of this study was to compare walking with rest. "
        "Forty adults were randomly assigned to walking or rest for 12 weeks. Pain was measured by a visual scale. "
        "Pain fell significantly more with walking than with rest (2.5 points, 95% CI 1.1 to 3.9, P < 0.001). "
        "We conclude that walking should be recommended in adults with back pain."
    ).replace("<", "&lt;")
    work = one(tmp_path, abstract=f"<Abstract><AbstractText>{text}</AbstractText></Abstract>")
    assert [s["role"] for s in work["sections"]] == ["background", "aim", "methods", "results", "conclusion"]
    assert works.passages_of(work).keys() == {"pmid-1:0"}


def test_many_authors_are_six_and_others(tmp_path):
    people = "".join(made.PERSON.format(f"N{n}") for n in range(9))
    assert one(tmp_path, authors=people)["source"]["authors"] == (
        "N0 AB, N1 AB, N2 AB, N3 AB, N4 AB, N5 AB, et al."
    )


def test_a_guideline_is_issued_by_the_body_that_wrote_it(tmp_path):
    body = "<Author><CollectiveName>Society of Walkers</CollectiveName></Author>"
    work = one(tmp_path, authors=body, types=("Journal Article", "Practice Guideline"))
    assert (work["kind"], work["source"]["organisation"]) == ("guideline", ["Society of Walkers"])


@pytest.mark.parametrize(
    "date,year,published",
    [
        ("<Year>1990</Year><Season>Spring</Season>", 1990, None),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998, "1998-12"),
        ("<MedlineDate>Winter 1976</MedlineDate>", 1976, None),
        ("<MedlineDate>1999-2000</MedlineDate>", 1999, None),
        ("<MedlineDate>2000 Jan 15-28</MedlineDate>", 2000, "2000-01-15"),
        ("<Year>2001</Year>", 2001, None),
        ("<Year>2001</Year><Month>02</Month><Day>3</Day>", 2001, "2001-02-03"),
    ],
)
def test_dates_of_every_form_are_read(tmp_path, date, year, published):
    about = one(tmp_path, date=date)["source"]
    assert (about["year"], about.get("published")) == (year, published)


def test_headings_keep_qualifiers_and_what_an_article_is_mainly_about_comes_first(tmp_path):
    headings = made.heading("Adult") + made.heading("Humans") + made.heading("Pain", "therapy", major=True)
    work = one(tmp_path, headings=headings)
    assert work["mesh"] == ["Pain", "Adult", "Humans"]
    assert work["source"]["headings"] == ["Adult", "Humans", "*Pain/therapy"]


@pytest.mark.parametrize(
    "names,species,population,ages",
    [
        (("Animals",), "animal", None, None),
        (("Animals", "Humans", "Adult"), "human", "Adults", {"min": 19, "max": 44, "unit": "years"}),
        (
            ("Humans", "Child", "Child, Preschool"),
            "human",
            "Children",
            {"min": 2, "max": 12, "unit": "years"},
        ),
        (
            ("Humans", "Aged", "Child"),
            "human",
            "Adults and children",
            {"min": 6, "max": None, "unit": "years"},
        ),
        ((), None, None, None),
    ],
)
def test_headings_tell_whom_was_studied(tmp_path, names, species, population, ages):
    about = one(tmp_path, headings="".join(map(made.heading, names)))["source"]
    assert (about.get("species"), about.get("population"), about.get("ages")) == (species, population, ages)


def test_a_retraction_is_told_by_its_notice(tmp_path):
    work = one(tmp_path, corrections=made.correction("RetractionIn"))
    assert work["source"]["retracted"] is True
    assert source_of(work).status.value == "retracted"


def test_an_update_supersedes_what_its_record_says_it_does(tmp_path):
    older = one(tmp_path, corrections=made.correction("UpdateIn", 9))["source"]
    assert (older["status"], older["superseded_by"]) == ("superseded", ["pmid-9"])
    newer = one(tmp_path, corrections=made.correction("UpdateOf", 8))["source"]
    assert (newer.get("status"), newer["supersedes"]) == (None, ["pmid-8"])


def test_a_concern_and_an_erratum_are_kept_as_they_are_worded(tmp_path):
    concern = one(tmp_path, corrections=made.correction("ExpressionOfConcernIn"))["source"]
    assert (concern["concern"], concern["retracted"]) == ("J Made. 2021;1:1.", False)
    assert one(tmp_path, corrections=made.correction("ErratumIn"))["source"]["errata"] == [
        "J Made. 2021;1:1."
    ]


def test_an_update_file_says_what_is_deleted(tmp_path):
    deletion = "<DeleteCitation><PMID Version='1'>5</PMID><PMID Version='1'>6</PMID></DeleteCitation>"
    assert read(tmp_path, deletion) == [Deleted("pmid-5"), Deleted("pmid-6")]


def test_a_record_without_a_title_is_skipped_by_its_number(tmp_path):
    found = read(tmp_path, made.article(pmid=7, title=""), made.article(pmid=8))
    assert found[0] == Skipped("PMID 7", "it has no title")
    assert found[1]["id"] == "pmid-8"


def test_a_chapter_of_a_book_is_read(tmp_path):
    chapter = (
        "<PubmedBookArticle><BookDocument><PMID>3</PMID><Book><BookTitle>A book</BookTitle><PubDate><Year>2019</Year>"
        "</PubDate></Book><ArticleTitle>Walking</ArticleTitle><Language>eng</Language><AuthorList Type='authors'>"
        f"{made.PERSON.format('Maker')}</AuthorList><PublicationType>Review</PublicationType><Abstract><AbstractText>"
        "Walking is good. Rest is not. Do walk.</AbstractText></Abstract></BookDocument></PubmedBookArticle>"
    )
    (work,) = read(tmp_path, chapter)
    about = work["source"]
    assert (about["title"], about["journal"], about["year"]) == ("Walking", "A book", 2019)
    assert about["publication_type"] == "review"


def test_a_packed_file_reads_as_the_file(tmp_path):
    assert read(tmp_path, made.article(), name="b.xml.gz") == read(tmp_path, made.article())


def test_a_right_checksum_is_no_hindrance_and_a_wrong_one_is_a_fault(tmp_path):
    path = made.written(tmp_path, "a.xml.gz", made.pubmed(made.article()))
    beside = tmp_path / "a.xml.gz.md5"
    digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    beside.write_text(f"MD5(a.xml.gz)= {digest}\n")
    assert len(list(pubmed.read(path))) == 1
    beside.write_text(f"MD5(a.xml.gz)= {'0' * 32}\n")
    with pytest.raises(MalformedSource, match="cut short or changed"):
        next(pubmed.read(path))


def test_progress_is_told_in_bytes_of_the_file(tmp_path):
    path = made.written(tmp_path, "a.xml.gz", made.pubmed(made.article()))
    seen: list[int] = []
    list(pubmed.read(path, seen.append))
    assert seen[-1] == path.stat().st_size
