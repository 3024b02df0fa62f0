"""PubMed, Europe PMC and Crossref, asked at a stand-in whose shapes are those of the real ones."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest
from lxml import etree
from tests.outside import eutilities as made
from tests.outside import standin as faults
from tests.outside.records import BY_PMID, pubmed_xml
from tests.outside.standin import serving

from consilium.adapters.outside import eutilities
from consilium.adapters.outside.asking import outside
from consilium.adapters.outside.cache import Cache
from consilium.adapters.outside.services import Services
from consilium.errors import ConfigurationError, OutsideError

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
REAL = Path(__file__).resolve().parents[3] / "shared/data/fixtures/Tests/Entrez"
GOUT = '"gout"[mh]'


@pytest.fixture(scope="module")
def serving_all():
    with serving() as standin:
        yield standin


@pytest.fixture
def standin(serving_all):
    serving_all.asked, serving_all.faults, serving_all.always = [], [], None
    return serving_all


def services_of(standin, **more):
    return Services(standin.ncbi, standin.europepmc, standin.crossref, **{"key": "made-up", **more})


@pytest.fixture
def services(standin, tmp_path):
    found = outside(services_of(standin), tmp_path, 20)
    with found.client:
        yield found


def test_a_search_gives_ids_and_a_fetch_their_records(services):
    found = services.pubmed.search(GOUT).found
    assert (found.count, found.ids[0], found.place) == (4, "90000001", None)
    records = services.pubmed.fetch(found.ids).found
    assert records.pmids == found.ids
    assert b"<ArticleTitle>Made guideline on febuxostat in gout" in records.xml


def test_only_as_many_ids_come_as_were_asked_for(services):
    assert len(services.pubmed.search(GOUT, most=2).found.ids) == 2


def test_a_search_with_history_is_fetched_page_by_page(services, standin):
    found = services.pubmed.search(GOUT, most=0, history=True).found
    pages = list(services.pubmed.pages(found, size=3))
    assert [len(page.pmids) for page in pages] == [3, 1]
    assert all("WebEnv=MCID_" in path and "&id=" not in path for _, path, _ in standin.asked[1:])


def test_a_search_that_finds_nothing_is_no_error(services):
    assert services.pubmed.search('"unheard of"[tiab]').found.ids == ()


def test_a_result_that_the_history_no_longer_holds_is_an_error(services):
    found = services.pubmed.search(GOUT, history=True).found
    made._HISTORY.clear()
    with pytest.raises(OutsideError, match="eFetchResult"):
        list(services.pubmed.pages(found))


def test_summaries_tell_title_date_doi_and_types(services):
    (told,) = services.pubmed.summaries(["90000002"]).found
    assert (told.pmid, told.date, told.doi) == ("90000002", "2024 Jan", "10.5555/made.90000002")
    assert "Meta-Analysis" in told.types


def test_what_is_similar_comes_nearest_first_without_the_record_itself(services):
    similar = services.pubmed.similar("90000001").found
    assert similar[0] == "90000002"
    assert "90000001" not in similar


@pytest.mark.parametrize("ids", [[], ["1"] * 201, ["1,2"], ["x"], ["1&retmax=9"]])
def test_nothing_but_pmids_is_asked_for(services, standin, ids):
    with pytest.raises(OutsideError):
        services.pubmed.fetch(ids)
    assert standin.asked == []


def test_tool_email_and_key_go_along(standin, tmp_path):
    with outside(services_of(standin, email="o@example.org"), tmp_path, 20).client as client:
        pubmed = eutilities.EUtilities(client, standin.ncbi, _free(), "o@example.org", "made-up")
        pubmed.search(GOUT)
    path = standin.asked[0][1]
    assert "tool=consilium" in path
    assert "email=o%40example.org" in path
    assert "api_key=made-up" in path


def _free():
    class Free:
        def turn(self, _seconds):
            from contextlib import nullcontext

            return nullcontext()

    return Free()


def test_a_key_that_ncbi_does_not_know_is_the_operators_to_put_right(services, standin):
    standin.always = faults.unknown_key
    with pytest.raises(ConfigurationError, match="CONSILIUM_NCBI_KEY") as told:
        services.pubmed.search(GOUT)
    assert "made-up" not in str(told.value)


@pytest.mark.parametrize(
    "fault", [faults.empty, faults.cut, faults.page, faults.wrong_encoding, faults.another_form]
)
def test_an_answer_of_another_form_is_an_error_and_is_not_kept(standin, tmp_path, fault):
    standin.always = fault
    with outside(services_of(standin), tmp_path, 3).client as client:
        pubmed = eutilities.EUtilities(client, standin.ncbi, _free())
        with pytest.raises(OutsideError):
            pubmed.search(GOUT)
        standin.always = None
        assert pubmed.search(GOUT).found.count == 4


def test_a_changed_dtd_with_the_same_names_is_read(services, standin):
    later = pubmed_xml(
        ["90000001"], '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD 2031//EN" "https://x/y.dtd">'
    )
    later = later.replace(b"<Article ", b"<NewElement><Deep/></NewElement><Article ")
    standin.faults = [lambda to: to.answer(200, faults.XML, later)]
    assert services.pubmed.fetch(["90000001"]).found.pmids == ("90000001",)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>'
    b"<eSearchResult><Count>&c;&d;</Count><IdList/></eSearchResult>"
)


def test_entities_are_neither_filled_in_nor_fetched(standin, tmp_path):
    standin.always = lambda to: to.answer(200, faults.XML, LAUGHS)
    with (
        outside(services_of(standin), tmp_path, 3).client as client,
        pytest.raises(OutsideError, match="no count"),
    ):
        eutilities.EUtilities(client, standin.ncbi, _free()).search(GOUT)


def test_the_second_time_nothing_is_asked(services, standin):
    for _ in range(2):
        services.pubmed.fetch(services.pubmed.search(GOUT).found.ids)
    assert len(standin.asked) == 2


def test_a_kept_answer_says_when_it_was_given(standin, tmp_path):
    day = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    with outside(services_of(standin), tmp_path, 20).client as client:
        for hours in (0, 5):
            client._cache = Cache(
                tmp_path / "kept", lambda hours=hours: day + datetime.timedelta(hours=hours)
            )
            told = eutilities.EUtilities(client, standin.ncbi, _free()).search(GOUT)
            assert told.fetched == "2026-03-01T12:00:00Z"
    assert len(standin.asked) == 1


def _at(client, tmp_path, moment):
    client._cache = Cache(tmp_path / "kept", lambda: moment)


def test_an_old_answer_is_confirmed_by_its_tag_and_gets_a_new_date(services, standin, tmp_path):
    day = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
    for moment in (day, day + datetime.timedelta(days=3)):
        _at(services.client, tmp_path, moment)
        told = services.crossref.work("10.5555/made.90000001")
    assert told.fetched == "2026-03-04T00:00:00Z"
    assert standin.asked[1][2]["If-None-Match"] == '"made-1"'


def test_an_answer_from_the_future_is_not_fresh(services, standin, tmp_path):
    day = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
    for moment in (day, day - datetime.timedelta(days=3)):
        _at(services.client, tmp_path, moment)
        services.pubmed.search(GOUT)
    assert len(standin.asked) == 2


def test_an_old_answer_serves_with_its_date_where_no_new_one_is_to_be_had(services, standin, tmp_path):
    day = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
    _at(services.client, tmp_path, day)
    services.pubmed.search(GOUT)
    _at(services.client, tmp_path, day + datetime.timedelta(days=9))
    standin.always = faults.broken
    services.client._sleep = lambda _: None
    told = services.pubmed.search(GOUT)
    assert (told.found.count, told.fetched) == (4, "2026-03-01T00:00:00Z")


@pytest.mark.parametrize(
    "harm", [lambda b: b[:-9], lambda b: b"x" + b, lambda _: b"", lambda b: b.replace(b"9", b"8")]
)
def test_a_kept_answer_that_was_damaged_is_asked_for_again(services, standin, tmp_path, harm):
    services.pubmed.search(GOUT)
    (file,) = (tmp_path / "outside/answers").iterdir()
    file.write_bytes(harm(file.read_bytes()))
    assert services.pubmed.search(GOUT).found.count == 4
    assert len(standin.asked) == 2


def test_europe_pmc_gives_records_and_the_full_text_that_may_be_kept(services):
    found = services.europepmc.search("febuxostat gout").found
    assert found.count == 4
    open_, *_ = [hit for hit in found.hits if hit.may_be_read]
    assert open_.pmcid == "PMC9000002"
    assert b"<article-title>Made systematic review" in services.europepmc.full_text(open_).found


def test_a_full_text_under_another_licence_is_not_asked_for(services, standin):
    (hit,) = services.europepmc.search("metformin").found.hits
    asked = len(standin.asked)
    assert hit.licence == "cc by-nc"
    with pytest.raises(OutsideError, match="CC BY"):
        services.europepmc.full_text(hit)
    assert len(standin.asked) == asked


@pytest.mark.parametrize(
    "said", [b"[]", b"{}", b'{"hitCount": 1, "resultList": {"result": [3]}}', b"[" * 100_000]
)
def test_an_answer_of_europe_pmc_in_another_form_is_an_error(standin, tmp_path, said):
    standin.always = lambda to: to.answer(200, {"Content-Type": "application/json"}, said)
    with outside(services_of(standin), tmp_path, 6).client as client:
        client._sleep = lambda _: None
        from consilium.adapters.outside.europepmc import EuropePmc

        with pytest.raises(OutsideError, match="cannot be read"):
            EuropePmc(client, standin.europepmc, _free()).search("gout")


def test_crossref_tells_which_notices_update_a_work(services):
    (notice,) = services.crossref.notices("10.5555/MADE.90000003").found
    assert notice["DOI"] == "10.5555/made.90000004"
    assert notice["update-to"][0]["type"] == "retraction"


def test_a_doi_that_crossref_does_not_know_is_an_error(services):
    with pytest.raises(OutsideError, match="404"):
        services.crossref.work("10.5555/nothing")


real = pytest.mark.skipif(not REAL.is_dir(), reason="the samples of real answers are not here")


@real
def test_real_answers_of_pubmed_are_read():
    first = eutilities._search((REAL / "esearch1.xml").read_bytes())
    assert (first.count, first.ids[0], len(first.ids)) == (63, "41282813", 20)
    assert eutilities._search((REAL / "esearch2.xml").read_bytes()).place.query == "1"
    assert eutilities._search((REAL / "esearch8.xml").read_bytes()).missed == ("abcXYZ",)
    assert eutilities._records((REAL / "pubmed1.xml").read_bytes()).pmids == ("12091962", "9997")
    assert eutilities._summaries((REAL / "esummary1.xml").read_bytes())[0].pmid == "11850928"
    assert eutilities._linked((REAL / "elink1.xml").read_bytes())[:2] == ("9298984", "8794856")
    with pytest.raises(ValueError, match="Neither query_key"):
        eutilities._summaries((REAL / "esummary8.xml").read_bytes())


def shape(body):
    """Every element of a document with those around it."""
    root = etree.fromstring(body, etree.XMLParser(load_dtd=False, no_network=True))
    return {
        "/".join(e.tag for e in [*reversed([*one.iterancestors()]), one]) for one in root.iter(etree.Element)
    }


@real
@pytest.mark.parametrize(
    "answer,samples",
    [
        (lambda: made.search({"term": GOUT, "usehistory": "y"}), "esearch*"),
        (lambda: made.search({"term": '"nothing"[mh]'}), "esearch*"),
        (lambda: made.summary({"id": "90000001"}), "esummary*"),
        (lambda: made.summary({}), "esummary*"),
        (lambda: made.link({"id": "90000001"}), "elink*"),
        (lambda: pubmed_xml(BY_PMID), "pubmed*.xml"),
    ],
)
def test_the_stand_in_says_nothing_in_a_shape_that_real_answers_do_not_have(answer, samples):
    known = set().union(*(shape(file.read_bytes()) for file in REAL.glob(samples)))
    said = answer()
    assert shape(said.encode() if isinstance(said, str) else said) - known == set()


@real
def test_the_stand_in_names_the_document_types_of_real_answers():
    for said, sample in ((made._SEARCH, "esearch1"), (made._SUMMARY, "esummary1"), (made._LINK, "elink1")):
        assert said.strip() in (REAL / f"{sample}.xml").read_text("utf-8")


def test_only_so_many_answers_are_kept_and_the_oldest_go_first(tmp_path, monkeypatch):
    monkeypatch.setattr("consilium.adapters.outside.cache._MOST_ENTRIES", 3)
    cache = Cache(tmp_path / "kept")
    for number in range(5):
        cache.keep(f"https://a.test/{number}", None, None, b"x")
        file = cache._file(f"https://a.test/{number}")
        os.utime(file, (number, number))
    cache.keep("https://a.test/5", None, None, b"x")
    assert [bool(cache.find(f"https://a.test/{number}")) for number in range(6)] == [False] * 3 + [True] * 3


def test_answers_are_for_their_owner_to_read(tmp_path):
    Cache(tmp_path / "kept").keep("https://a.test/", None, None, b"x")
    modes = {path.stat().st_mode & 0o077 for path in (tmp_path / "kept", *(tmp_path / "kept").iterdir())}
    assert modes == {0}
