"""Records are fetched from PubMed by number or query and read as a file is; or nothing is added, and why is said."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.outside import standin as faults
from tests.outside.records import BY_PMID, pubmed_xml
from tests.outside.standin import serving

from consilium import wiring
from consilium.adapters.outside.services import NCBI, Services
from consilium.errors import ConfigurationError
from consilium.settings import from_environment

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def standin():
    with serving() as made:
        yield made


@pytest.fixture
def add(world, library_folder, tmp_path, run_cli, standin):
    shutil.copytree(library_folder, tmp_path / "library")

    def run(*what, **env):
        env = {"CONSILIUM_NCBI_URL": standin.ncbi, "CONSILIUM_NCBI_KEY": "made1", **env}
        return run_cli("library", "add", *what, library=tmp_path / "library", **env)

    run.library = tmp_path / "library"
    return run


def held(add, name):
    return wiring.world(library=add.library).library.source(name)


def test_records_are_added_by_their_numbers(add, standin):
    done = add("pmid:90000001", "pmid:90000003")
    assert done.returncode == 0, done.stderr
    assert held(add, "pmid-90000001").title == "Made guideline on febuxostat in gout"
    assert held(add, "pmid-90000003").status.value == "retracted"
    assert len(standin.asked) == 1


def test_records_are_added_by_a_query(add, standin):
    done = add('pubmed:"gout"[mh] AND "febuxostat"[tiab]')
    assert done.returncode == 0, done.stderr
    assert held(add, "pmid-90000002") is not None
    assert len(standin.asked) == 2


def test_what_was_sent_is_told_without_the_key(add, standin):
    done = add("pmid:90000001", CONSILIUM_NCBI_KEY="s3cret", CONSILIUM_NCBI_EMAIL="o@example.org")
    assert f"Sent outside this machine: {standin.ncbi}efetch.fcgi?db=pubmed&id=90000001" in done.stderr
    assert "s3cret" in standin.asked[0][1]
    kept = b"".join(f.read_bytes() for f in (add.library / "outside").rglob("*") if f.is_file())
    assert "s3cret" not in done.stderr + done.stdout + str(kept)


def test_a_query_that_names_a_person_is_not_sent(add, standin):
    done = add("pubmed:gout in Mrs Kowalczyk born 14/03/1962")
    assert done.returncode == 2
    assert "nothing was sent" in done.stderr
    assert standin.asked == []


@pytest.mark.parametrize("what", [["pmid:12x"], ["pmid:"], ["pubmed:"], ["pmid:1", "file.yaml"]])
def test_what_is_named_wrongly_is_wrong_usage(add, standin, what):
    assert add(*what).returncode == 2
    assert standin.asked == []


@pytest.mark.parametrize("what", ["pmid:1", 'pubmed:"unheard of"[tiab]'])
def test_what_pubmed_does_not_have_is_said(add, what):
    done = add(what)
    assert done.returncode == 5
    assert "nothing was added" in done.stderr


@pytest.mark.parametrize("fault", [faults.broken, faults.page, faults.cut, faults.empty, faults.unknown_key])
def test_a_fault_outside_is_a_clear_message_and_adds_nothing(add, standin, fault):
    standin.always = fault
    done = add("pmid:90000001")
    assert done.returncode in {4, 5}
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("consilium: ")
    assert held(add, "pmid-90000001") is None


@pytest.mark.parametrize(
    "name,value",
    [
        ("CONSILIUM_NCBI_URL", "http://example.org/"), ("CONSILIUM_NCBI_URL", "ftp://127.0.0.1/"),
        ("CONSILIUM_EUROPEPMC_URL", "https://example.org/?a=b"), ("CONSILIUM_CROSSREF_URL", "x"),
        ("CONSILIUM_NCBI_KEY", "a b"), ("CONSILIUM_NCBI_KEY", "a&b"), ("CONSILIUM_NCBI_EMAIL", "nobody"),
    ],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_named(name, value):
    with pytest.raises(ConfigurationError, match=name):
        from_environment({"CONSILIUM_DATA_DIR": "/x", name: value})


def test_only_an_address_that_was_set_is_the_operators_own():
    assert Services().own == ()
    assert Services(ncbi="https://mirror.test/").own == ("https://mirror.test/",)
    here = from_environment({"CONSILIUM_DATA_DIR": "/x", "CONSILIUM_CROSSREF_URL": "https://mirror.test/c"})
    assert here.outside.own == ("https://mirror.test/c/",)
    assert here.outside.ncbi == NCBI


def said_since(of, kind):
    """What PubMed answers after a record was given another publication type."""
    return lambda to: to.answer(200, faults.XML, pubmed_xml(BY_PMID).replace(of, kind))


@pytest.fixture
def asked_again(add, standin):
    """The library holds three works; since then one of them was retracted."""
    assert add("pmid:90000001", "pmid:90000002", "pmid:90000005").returncode == 0
    shutil.rmtree(add.library / "outside")
    standin.asked, standin.always = [], said_since(b">Practice Guideline<", b">Retracted Publication<")

    return lambda: add("retractions", "pubmed")


def test_pubmed_is_asked_about_all_sources_that_have_a_pmid(asked_again, standin):
    done = asked_again()
    assert done.returncode == 0, done.stderr
    ids = ",".join(dict(parse_qsl(urlsplit(path).query))["id"] for _, path, _ in standin.asked).split(",")
    assert {"90000001", "90000002", "90000005", "32390306"} <= set(ids)
    assert len(standin.asked) == -(-len(ids) // 200)


def test_a_work_that_pubmed_calls_retracted_since_is_out_of_use_and_in_the_ledger(add, asked_again):
    assert "pmid-90000001: Retracted, says PubMed, read on " in asked_again().stdout
    assert held(add, "pmid-90000001").status.value == "retracted"
    changes = wiring.world(library=add.library).library.changes(0, 100)
    assert [(change.source, change.kind.value) for change in changes] == [("pmid-90000001", "retracted")]


def test_what_pubmed_knows_and_says_nothing_of_was_checked(add, asked_again):
    before = held(add, "acr-gout-2020").retraction_checked
    asked_again()
    assert held(add, "pmid-90000002").retraction_checked
    assert held(add, "acr-gout-2020").retraction_checked == before


def test_where_pubmed_cannot_be_asked_nothing_changes(add, asked_again, standin):
    standin.always = faults.broken
    done = asked_again()
    assert done.returncode == 5
    assert "retractions" not in wiring.world(library=add.library).library.generations()


WITHOUT = """
import sys
sys.modules["httpcore2"] = None
sys.argv = ["consilium", "library", "add", "pmid:1"]
from consilium.cli import main
main()
"""


def test_a_package_that_is_missing_is_named_with_its_extra(library_folder, world):
    env = {**os.environ, "CONSILIUM_DATA_DIR": str(library_folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert "needs httpcore2" in done.stderr
    assert "pip install 'consilium[live]'" in done.stderr
