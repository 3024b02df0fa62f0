"""What readers make of real records agrees, field by field, with what the records hold."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from consilium.adapters.sources import beir
from consilium.adapters.sources.jats import reading
from consilium.adapters.sources.medline import nbib, pubmed
from consilium.adapters.sources.recognised import form_of
from consilium.adapters.sources.stored import sentences_of
from consilium.adapters.sources.works import passages_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FIXTURES = DATA / "fixtures"
pytestmark = pytest.mark.skipif(not FIXTURES.exists(), reason="the shared records are not here")
XML = sorted((FIXTURES / "Tests" / "Entrez").glob("pubmed?.xml"))
TEXT = sorted((FIXTURES / "Tests" / "Medline").glob("*.txt"))
ARTICLES = sorted((FIXTURES / "data").glob("*.nxml"))


def bare(text: str | None) -> str:
    """A text without white space and the marks that labels are set off by."""
    return re.sub(r"[\s:^]+", "", text or "")


def parsed(path: Path) -> ElementTree.Element:
    return ElementTree.parse(path).getroot()  # noqa: S314 - records that lie beside the project


def whole(element: ElementTree.Element | None) -> str:
    return "" if element is None else "".join(element.itertext())


@cache
def sample():
    held = {}
    with gzip.open(DATA / "medline" / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            held[item["_id"]] = item
    return held, list(nbib.read(DATA / "medline" / "sample.nbib.gz"))


@pytest.mark.parametrize("path", XML, ids=lambda p: p.name)
def test_every_field_of_the_pubmed_fixtures_agrees(path):
    works = {work["source"]["pmid"]: work for work in pubmed.read(path)}
    records = parsed(path).findall("PubmedArticle")
    assert len(works) == len(records)
    for record in records:
        citation = record.find("MedlineCitation")
        work = works[citation.findtext("PMID")]
        about = work["source"]
        held = citation.find("Article")
        assert bare(about["title"]) == bare(whole(held.find("ArticleTitle")).rstrip("."))
        assert about["journal"] == citation.findtext("MedlineJournalInfo/MedlineTA")
        assert about["language"] == held.findtext("Language")
        assert str(about["year"]) == held.findtext("Journal/JournalIssue/PubDate/Year")
        volume, issue = (held.findtext(f"Journal/JournalIssue/{name}") for name in ("Volume", "Issue"))
        pages = held.findtext("Pagination/MedlinePgn")
        assert about["locator"] == f"{volume or ''}{f'({issue})' if issue else ''}:{pages}"
        numbers = {i.get("IdType"): i.text for i in record.findall("PubmedData/ArticleIdList/ArticleId")}
        assert (about.get("doi"), about.get("pmcid")) == (numbers.get("doi"), numbers.get("pmc"))
        names = [
            f"{a.findtext('LastName')} {a.findtext('Initials')}"
            for a in held.iter("Author")
            if a.find("LastName") is not None
        ]
        assert about["authors"].split(", ")[:6] == names[:6]
        assert sorted(work["mesh"]) == sorted({d.text for d in citation.iter("DescriptorName")})
        parts = [(a.get("Label"), whole(a)) for a in held.iter("AbstractText")]
        text = "".join(f"{label}:{part}" if label else part for label, part in parts)
        assert bare("".join(passages_of(work).values())) == bare(text)


@pytest.mark.parametrize("path", TEXT, ids=lambda p: p.name)
def test_every_record_of_the_medline_fixtures_is_read(path):
    text = path.read_text("utf-8")
    works = list(nbib.read(path))
    assert [work["source"]["pmid"] for work in works] == re.findall(r"^PMID- (\d+)", text, re.MULTILINE)
    for work in works:
        assert work["source"]["title"]
        joined = bare("".join(passages_of(work).values()))
        assert joined in bare(re.sub(r"^[A-Z]{2,4} *- ", "", text, flags=re.MULTILINE))


def test_a_thousand_records_agree_in_995_fields_of_a_thousand_and_more():
    held, works = sample()
    agree = total = 0
    for work in works:
        about, truth = work["source"], held[work["source"]["pmid"]]
        said = truth["metadata"]
        title = re.sub(r"^\[(.*)\]$", r"\1", " ".join(truth["title"].split()).removesuffix("."))
        names = said["authors"]
        fields = [
            (bare(about["title"]), bare(title)),
            (bare("".join(passages_of(work).values())), bare(truth["text"].replace("UNLABELLED:", ""))),
            (about["journal"], said["journal_abbrev"]),
            (about["year"], said["year"]),
            (about.get("headings", []), said["mesh"]),
            (about.get("doi"), said["doi"][0].split(" ")[0] if said["doi"] else None),
            # The other reading of them leaves bodies out of the authors.
            ((about.get("authors") or "").split(", ")[:6], names[:6] if names else [""]),
        ]
        total += len(fields)
        agree += sum(ours == theirs for ours, theirs in fields)
    assert len(works) == 1000
    assert agree / total >= 0.995


def test_the_conclusion_of_labelled_abstracts_is_found_in_98_of_a_hundred_and_more():
    _, works = sample()
    said = [
        w
        for w in works
        if any(re.search("conclu|interpret", s["label"] or "", re.IGNORECASE) for s in w["sections"])
    ]
    assert len(said) > 500
    found = sum(any(s["role"] == "conclusion" for s in w["sections"]) for w in said)
    assert found / len(said) >= 0.98


@pytest.mark.parametrize("path", ARTICLES, ids=lambda p: p.name)
def test_every_word_of_the_body_of_an_article_is_kept_but_marks_and_figures(path):
    (work,) = reading.read(path)
    kept = bare(" ".join(s["text"] for s in work["sections"])) + bare(
        " ".join(str(s["label"]) for s in work["sections"])
    )
    body = parsed(path).find("body")
    apart = [*body.iter("fig"), *body.iter("supplementary-material")]
    apart += [
        s
        for s in body.iter("sec")
        if re.match("Competing|Authors|Pre-pub|Supporting", s.findtext("title") or "")
    ]
    left_out = {whole(p) for element in apart for p in element.iter("p")}
    nested = {"xref", "table-wrap", "list", "sup"}
    wanted = [
        whole(paragraph)
        for paragraph in body.iter("p")
        if nested.isdisjoint(child.tag for child in paragraph.iter()) and whole(paragraph) not in left_out
    ]
    assert len(wanted) > 10
    assert [text for text in wanted if bare(text) not in kept] == []
    assert max(len(s["text"].split()) for s in work["sections"][4:]) <= 250


def test_every_trial_in_full_text_is_read_in_passages_of_at_most_250_words():
    count = 0
    for work in beir.read(DATA / "ei_pmc" / "fulltext.jsonl.gz"):
        count += 1
        assert work["id"].startswith("pmc-")
        long = [s for s in work["sections"] if len(s["text"].split()) > 250 and len(s["ends"]) > 1]
        assert long == []
        if count % 100 == 0:
            assert all(sentence.text for sentence in sentences_of(work))
    assert count == 2554


def test_every_fixture_is_recognised():
    forms = {path.name: form_of(path).value for path in (*XML, *TEXT, *ARTICLES)}
    assert set(forms.values()) == {"medline", "nbib", "jats"}
    assert form_of(FIXTURES / "mesh_desc_subset.xml").value == "mesh"
    assert form_of(FIXTURES / "Tests" / "Entrez" / "efetch_pmc.xml").value == "jats"
    assert form_of(DATA / "medline" / "sample.nbib.gz").value == "nbib"
    assert form_of(DATA / "ei_pmc" / "corpus.jsonl.gz").value == "beir"
