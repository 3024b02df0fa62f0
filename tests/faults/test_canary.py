"""Somebody who was made up is named in twenty ways: nothing of them leaves, and the evidence is found all the same."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote_plus

import pytest
from tests.outside import standin as faults
from tests.outside.standin import serving

from consilium.adapters.outside.asking import outside
from consilium.adapters.outside.looking import look
from consilium.adapters.outside.services import Services
from consilium.api import outcome_of
from consilium.domain.question import Question
from consilium.pipeline.pubmed_query import queries

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CANARY = (
    "zbigniew", "kowalczyk", "14/03/1962", "14.3.1962", "14 march 1962", "1962", "84213377", "07700 900461", "900461",
    "zbigniew.kowalczyk", "example.org", "larkspur", "ls6 3qt",
)  # fmt: skip
PHRASINGS = (
    "Zbigniew Kowalczyk has gout: is febuxostat any good?",
    "zbigniew kowalczyk has gout, febuxostat?",
    "ZBIGNIEW KOWALCZYK, BORN 14/03/1962: GOUT. FEBUXOSTAT?",
    "Mr Zbigniew Kowalczyk, born 14/03/1962, gout on febuxostat",
    "mr kowalczyk is on febuxostat for gout",
    "Kowalczyk, Zbigniew (DOB 14/03/1962): febuxostat in gout?",
    "Re: Zbigniew Kowalczyk, MRN 84213377. Febuxostat for gout?",
    "My patient Zbigniew Kowalczyk needs febuxostat for gout",
    "my husband zbigniew has gout, should he take febuxostat",
    "my name is zbigniew kowalczyk and i have gout, febuxostat?",
    "I'm Zbigniew Kowalczyk, 64, with gout. Febuxostat?",
    "Febuxostat in gout? Thanks, Zbigniew Kowalczyk",
    "Febuxostat in gout? Reply to zbigniew.kowalczyk@example.org or 07700 900461",
    "date of birth 14 March 1962, gout, febuxostat?",
    "hospital number 84213377: gout, febuxostat?",
    "He lives at 17 Larkspur Crescent, LS6 3QT. Gout; febuxostat?",
    "i live at 17 larkspur crescent and have gout, is febuxostat ok",
    "A man called Zbigniew Kowalczyk with gout: febuxostat?",
    "Kowalczyk's gout is worse on febuxostat",
    "Gout, febuxostat 80 mg, kowalczyk zbigniew 14.3.1962 84213377",
)
# In these nothing says that a word is somebody's name; it is not sent, but it stays in the plan on this machine.
UNTOLD = {PHRASINGS[-1]}


@pytest.fixture(scope="module")
def standin():
    with serving() as made:
        yield made


def nothing_of_them(text):
    plain = unquote_plus(text).lower()
    return [part for part in CANARY if re.search(rf"(?<!\d){re.escape(part)}(?!\d)", plain)]


def test_there_are_twenty_phrasings_and_each_names_somebody():
    assert len(set(PHRASINGS)) == 20
    assert all(nothing_of_them(words) for words in PHRASINGS)


@pytest.mark.parametrize("words", PHRASINGS)
def test_nothing_of_a_person_leaves_and_the_evidence_is_found(world, standin, tmp_path, caplog, capfd, words):
    caplog.set_level(0)
    standin.asked = []
    outcome = outcome_of(Question(words), world)
    plan = outcome.trace.plan
    services = outside(Services(standin.ncbi, standin.europepmc, standin.crossref, key="k"), tmp_path, 20)
    with services.client:
        looked = look(queries(plan, world.lexicon), services)
    assert looked.records.pmids == ("90000001", "90000002", "90000003")
    assert len(standin.asked) == 4
    requests = " ".join(f"{path} {headers}" for _, path, headers in standin.asked)
    kept = " ".join(
        file.read_bytes().decode() for file in (tmp_path / "outside").rglob("*") if file.is_file()
    )
    told = " ".join(f"{sent.to} {sent.what}" for sent in looked.sent)
    assert nothing_of_them(requests + kept + told + caplog.text + "".join(capfd.readouterr())) == []
    if words not in UNTOLD:
        assert nothing_of_them(f"{plan.understood} {plan.terms} {outcome.trace.candidates}") == []


def test_what_is_told_is_what_was_asked(world, standin, tmp_path):
    standin.asked = []
    services = outside(Services(standin.ncbi, key="k"), tmp_path, 20)
    with services.client:
        looked = look(queries(outcome_of(Question(PHRASINGS[0]), world).trace.plan, world.lexicon), services)
    asked = [f"{standin.url}{path}".replace("&api_key=k", "") for _, path, _ in standin.asked]
    assert [sent.what for sent in looked.sent] == asked


def looking(world, standin, folder, seconds=10.0):
    plan = outcome_of(Question("febuxostat in gout"), world).trace.plan
    services = outside(Services(standin.ncbi, key="k"), folder, seconds)
    services.client._sleep = lambda _: None
    with services.client:
        return look(queries(plan, world.lexicon), services)


def test_the_second_time_nothing_is_asked(world, standin, tmp_path):
    looking(world, standin, tmp_path)
    standin.asked = []
    again = looking(world, standin, tmp_path)
    assert (again.records.pmids[0], standin.asked, again.sent) == ("90000001", [], ())


@pytest.mark.parametrize(
    "fault",
    [
        faults.broken, faults.page, faults.empty, faults.cut, faults.wrong_encoding, faults.another_form,
        faults.too_often("1"), faults.too_often("900"), faults.slow(2), faults.endless, faults.dripping, faults.hung_up,
    ],
)  # fmt: skip
def test_whatever_goes_wrong_is_told_within_the_budget_and_is_no_error(world, standin, tmp_path, fault):
    standin.always = fault
    try:
        looked = looking(world, standin, tmp_path, 1.0)
    finally:
        standin.always = None
    assert looked.records is None
    assert looked.unreached[0].startswith("Not all of PubMed could be searched. ")


def test_what_was_found_before_a_fault_is_fetched(world, standin, tmp_path):
    standin.asked, standin.faults = [], [None, *[faults.broken] * 3]
    looked = looking(world, standin, tmp_path)
    assert looked.records.pmids == ("90000001",)
    assert len(looked.unreached) == 1


def test_the_records_become_works_by_the_reader_of_pubmed_files(world, standin, tmp_path):
    works = list(looking(world, standin, tmp_path).works())
    assert [work["id"] for work in works][:2] == ["pmid-90000001", "pmid-90000002"]
    assert json.dumps(works[2]["source"]).count('"retracted": true') == 1


@pytest.mark.parametrize("words", [PHRASINGS[1], PHRASINGS[4], PHRASINGS[5]])
def test_a_replay_file_and_a_log_hold_nothing_of_a_person(run_cli, tmp_path, words):
    done = run_cli("ask", words, "--replay", str(tmp_path / "replay.json"))
    assert done.returncode == 0, done.stderr
    assert nothing_of_them((tmp_path / "replay.json").read_text("utf-8")) == []
    assert nothing_of_them(done.stdout) == []
