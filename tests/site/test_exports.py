"""An article taken away: files that other programs can read."""

from __future__ import annotations

import json
import re

import bibtexparser
import pytest
import rispy
from django.utils import timezone

from consilium.adapters.contract.check import validator
from consilium.adapters.contract.codec import reference_json as in_the_contract
from consilium.adapters.renderings import citing
from consilium.domain.article import Reference
from consilium.pipeline.assemble import nlm
from consilium.site.articles.models import Article

pytestmark = pytest.mark.django_db

BARE = {
    "number": 1, "source": "bare", "version": 1, "kind": "study", "title": "A title", "organisation": [],
    "authors": None, "year": None, "journal": None, "jurisdiction": None, "population": None, "design": "case report",
    "status": "unknown", "status_basis": "assumed", "status_checked_on": None, "status_note": None, "pmid": None,
    "pmcid": None, "doi": None, "url": None, "licence": None, "text": "A title. date unknown.",
}  # fmt: skip
FULL = BARE | {
    "number": 2, "source": "full_2020", "title": "Pain & 5% of {cord} signs_in #1: cost $3, \\alpha ~ x^2", "year": 2020,
    "authors": "O'Neil-Brown JM, van der Berg A, et al.", "journal": "Spine (Phila Pa 1976)", "pmid": "123", "pmcid": "PMC9",
    "doi": "10.1002/(SICI)1097_0258<1::AID>3.0.CO;2-#", "url": "https://example.org/a_b?c=%20d&e={f}",
    "organisation": ["R&D Board"],
    "text": "O'Neil-Brown JM. Title. Spine (Phila Pa 1976). 2020;34(9):890-5. doi:10.1.",
}  # fmt: skip
PAPER = BARE | {
    "source": "who",
    "kind": "guideline",
    "organisation": ["WHO"],
    "authors": "Society of Pain, Ache and Care",
}


@pytest.fixture
def published(asked) -> Article:
    article = asked()
    article.published = timezone.now()
    article.save()
    return article


def _get(client, article, form, **more):
    return client.get(f"/articles/{article.pk}/article.{form}", more)


@pytest.mark.parametrize(
    "form,media",
    [
        ("md", "text/markdown"),
        ("txt", "text/plain"),
        ("json", "application/json"),
        ("ris", "application/x-research-info-systems"),
        ("bib", "application/x-bibtex"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_every_form_has_its_media_type_and_file_name(client, published, form, media):
    answer = _get(client, published, form)
    assert answer.status_code == 200
    assert answer["Content-Type"] == f"{media}; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="consilium-{published.pk}.{form}"'
    assert answer.content


def test_a_form_that_there_is_not_is_not_found(client, published):
    assert _get(client, published, "exe").status_code == 404


@pytest.mark.parametrize("form", ["md", "txt", "json", "ris", "bib", "csl.json"])
def test_a_private_article_is_taken_away_by_nobody_else(client, asked, form):
    assert _get(client, asked(), form).status_code == 404


def test_the_json_is_the_contract_worded_for_the_audience_that_was_asked_for(client, published):
    document = json.loads(_get(client, published, "json", **{"for": "patient"}).content)
    validator().validate(document)
    assert document["rendering"]["audience"] == "patient"


def test_every_reference_is_in_every_list(client, published):
    references = published.current.document["content"]["references"]
    titles = [r["title"] for r in references]
    ris = rispy.loads(_get(client, published, "ris").content.decode())
    assert [r["title"] for r in ris] == titles
    bib = bibtexparser.parse_string(_get(client, published, "bib").content.decode())
    assert bib.failed_blocks == []
    assert [e.key for e in bib.entries] == [r["source"] for r in references]
    assert [r["title"] for r in json.loads(_get(client, published, "csl.json").content)] == titles


def test_an_abstention_gives_empty_lists(client, asked):
    article = asked("How do I change a bicycle tyre?")
    Article.objects.update(published=timezone.now())
    assert json.loads(_get(client, article, "csl.json").content) == []
    assert rispy.loads(_get(client, article, "ris").content.decode()) == []
    assert bibtexparser.parse_string(_get(client, article, "bib").content.decode()).blocks == []


def test_ris_carries_authors_place_and_identifiers():
    (record,) = rispy.loads(citing.as_ris([FULL]))
    assert record["type_of_reference"] == "JOUR"
    assert record["authors"] == ["O'Neil-Brown, J. M.", "van der Berg, A."]
    place = [record[k] for k in ("volume", "number", "start_page", "end_page", "year")]
    assert place == ["34", "9", "890", "5", "2020"]
    assert record["doi"] == FULL["doi"]
    assert record["accession_number"] == "PMID:123"
    assert record["title"] == FULL["title"]


@pytest.mark.parametrize("authors", ["Kunam et al.", "Fehlings MG, et al.", "Long, Name of a Body, et al"])
def test_no_list_names_an_author_called_et_al(authors):
    work = BARE | {"authors": authors}
    assert "et al" not in citing.as_ris([work]) + citing.as_csl([work]) + citing.as_bibtex([work])
    (entry,) = bibtexparser.parse_string(citing.as_bibtex([work])).entries
    assert entry.fields_dict["author"].value.endswith(" and others")


@pytest.mark.parametrize(
    "known,said",
    [
        ({"status": "current"}, "case report; currency not checked"),
        (
            {"status": "superseded", "kind": "guideline"},
            "case report; superseded edition; currency not checked; edition not checked",
        ),
        (
            {"status": "current", "status_basis": "checked", "status_checked_on": "2025-01-02"},
            "case report; current, checked on 2025-01-02",
        ),
    ],
)
def test_the_note_says_what_was_checked_and_calls_nothing_current_that_nobody_checked(known, said):
    (item,) = json.loads(citing.as_csl([BARE | known]))
    assert item["note"] == said


def test_a_reference_with_nothing_but_a_title_is_a_record_in_every_list():
    (record,) = rispy.loads(citing.as_ris([BARE]))
    assert {k for k in record if record[k]} == {"type_of_reference", "id", "title", "notes"}
    (entry,) = bibtexparser.parse_string(citing.as_bibtex([BARE])).entries
    assert {f.key for f in entry.fields} == {"title", "note"}
    (item,) = json.loads(citing.as_csl([BARE]))
    assert set(item) == {"id", "type", "title", "note"}


def test_a_line_break_in_a_title_starts_no_field_and_no_record():
    sly = BARE | {"title": "One\r\nER  - \r\nTY  - JOUR\u2028AU  - Evil, E."}
    records = rispy.loads(citing.as_ris([sly]))
    assert len(records) == 1
    assert "authors" not in records[0]


def test_bibtex_escapes_what_tex_would_read():
    parsed = bibtexparser.parse_string(citing.as_bibtex([FULL]))
    assert parsed.failed_blocks == []
    fields = {f.key: f.value for f in parsed.entries[0].fields}
    assert fields["title"] == (
        r"{Pain \& 5\% of \{cord\} signs\_in \#1: cost \$3, \textbackslash{}alpha \textasciitilde{} x\textasciicircum{}2}"
    )
    assert fields["author"] == "O'Neil-Brown, J. M. and van der Berg, A. and others"
    assert fields["pages"] == "890--5"
    assert fields["doi"] == FULL["doi"]
    assert fields["url"] == "https://example.org/a_b?c=%20d&e=%7Bf%7D"


def test_two_references_never_share_a_key_in_bibtex():
    text = citing.as_bibtex([BARE | {"source": "a/b"}, BARE | {"source": "a-b", "number": 2}])
    assert re.findall(r"@misc\{([^,]+),", text) == ["a-b", "a-b-2"]


def test_a_body_with_commas_in_its_name_stays_one_author():
    (item,) = json.loads(citing.as_csl([PAPER]))
    assert item["author"] == [{"literal": "Society of Pain, Ache and Care"}]
    assert item["type"] == "report"


def test_the_whole_library_can_be_cited(world):
    sources = sorted(world.library.sources(), key=lambda s: s.id)
    references = [in_the_contract(Reference(n, s, nlm(s))) for n, s in enumerate(sources, 1)]
    assert len(rispy.loads(citing.as_ris(references))) == len(sources)
    parsed = bibtexparser.parse_string(citing.as_bibtex(references))
    assert parsed.failed_blocks == []
    assert len(parsed.entries) == len(sources)
    assert len(json.loads(citing.as_csl(references))) == len(sources)
