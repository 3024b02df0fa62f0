"""A question goes to PubMed by its plan: it is answered from what came back, or the answer says what could not be had."""

from __future__ import annotations

import json
import re
import shutil
import time
from urllib.parse import unquote_plus

import pytest
from tests.outside import standin as faults
from tests.outside.standin import serving

from consilium import wiring
from consilium.adapters.contract.check import check
from consilium.adapters.library.folder import Folder, writing
from consilium.lexicon import concepts

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
UNHELD = "metformin in Parkinson disease"
HELD = "febuxostat in gout"
NAMED = (
    "Mr Zbigniew Kowalczyk, born 14/03/1962, hospital number 84213377: metformin in Parkinson disease?",
    "Re: Zbigniew Kowalczyk, DOB 14/03/1962, MRN 84213377. Metformin in Parkinson disease?",
)
CANARY = ("zbigniew", "kowalczyk", "14/03/1962", "1962", "84213377")


@pytest.fixture
def standin():
    with serving() as made:
        yield made


@pytest.fixture
def library(world, library_folder, tmp_path):
    shutil.copytree(library_folder, tmp_path / "library")
    return tmp_path / "library"


@pytest.fixture
def ask(library, run_cli, standin):
    def run(*what, **env):
        env = {"CONSILIUM_NCBI_URL": standin.ncbi, "CONSILIUM_NCBI_KEY": "made1", **env}
        done = run_cli("ask", *what, library=library, **env)
        assert "Traceback" not in done.stderr
        return done

    return run


def answer_of(done):
    found = json.loads(done.stdout)
    assert check(found, concepts.load()) == []
    return found


def test_what_the_library_does_not_hold_is_answered_in_one_command(ask, standin):
    assert ask(UNHELD).returncode == 3
    done = ask(UNHELD, "--live", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert [r["source"] for r in answer_of(done)["content"]["references"]] == ["pmid-90000005"]
    assert len(standin.asked) <= 6


@pytest.mark.parametrize("question", [UNHELD, "febuxostat against allopurinol in gout"])
def test_the_second_time_nothing_is_asked(ask, standin, question):
    first = ask(question, "--live", "--format", "json")
    standin.asked = []
    again = ask(question, "--live", "--format", "json")
    assert standin.asked == []
    assert answer_of(again)["run"]["sent_outside"] == []
    assert answer_of(again)["id"] == answer_of(first)["id"]


def test_the_answer_says_word_for_word_what_was_sent_and_to_whom(ask, standin):
    run = answer_of(ask(UNHELD, "--live", "--format", "json"))["run"]
    asked = [f"{standin.url}{path}".replace("&api_key=made1", "") for _, path, _ in standin.asked]
    assert run["sent_outside"] == [{"to": "127.0.0.1", "what": address} for address in asked]


def test_the_text_says_so_too(ask, standin):
    told = re.sub(r"\s", "", ask(UNHELD, "--live").stdout)
    assert "4requests,wordforwordattheend" in told
    assert all(path.replace("&api_key=made1", "") in told for _, path, _ in standin.asked)


def test_the_trace_says_what_each_query_found(ask):
    done = ask(UNHELD, "--live", "--explain")
    assert "PubMed was asked for guidelines: 0 more" in done.stdout
    assert "PubMed was asked for other research: 1 more" in done.stdout


def test_what_came_back_is_a_collection_of_its_own(ask, library):
    ask(UNHELD, "--live")
    assert set(wiring.world(library=library).library.generations()) == {"live", "starter"}


def test_what_is_retracted_is_turned_away_though_it_came_back(ask):
    answer = answer_of(ask(HELD, "--live", "--format", "json"))
    cited = [r["source"] for r in answer["content"]["references"]]
    assert "pmid-90000001" in cited
    assert "pmid-90000003" not in cited
    assert ("pmid-90000003", "retracted") in [(e["source"], e["reason"]) for e in answer["run"]["excluded"]]


@pytest.mark.parametrize(
    "setting,flag,question,asks",
    [
        (None, None, UNHELD, False), ("never", None, UNHELD, False), ("abstaining", None, UNHELD, True),
        ("abstaining", None, "What helps in bronchiolitis?", False), ("always", None, HELD, True),
        ("always", "--no-live", UNHELD, False), ("never", "--live", HELD, True),
    ],
)  # fmt: skip
def test_pubmed_is_asked_when_the_flag_or_else_the_setting_says_so(
    ask, standin, setting, flag, question, asks
):
    ask(question, *([flag] if flag else []), **({"CONSILIUM_LIVE": setting} if setting else {}))
    assert bool(standin.asked) is asks


@pytest.mark.parametrize(
    "question", ["I have crushing chest pain and can't breathe", "How do I change a bicycle tyre?"]
)
def test_an_emergency_and_what_is_no_clinical_question_are_not_sent(ask, standin, question):
    assert ask(question, "--live").returncode == 3
    assert standin.asked == []


@pytest.mark.parametrize("question", NAMED)
def test_nothing_of_a_person_is_in_a_request_or_kept(ask, standin, library, question):
    done = ask(question, "--live", "--format", "json")
    assert done.returncode == 0, done.stderr
    requests = " ".join(f"{path} {headers}" for _, path, headers in standin.asked)
    kept = b" ".join(file.read_bytes() for file in library.rglob("*") if file.is_file()).decode("latin-1")
    told = json.dumps(answer_of(done)["run"])
    plain = unquote_plus(f"{requests} {told}").lower()
    assert [word for word in CANARY if word in plain] == []
    assert [word for word in ("zbigniew", "14/03/1962", "84213377") if word in kept.lower()] == []


@pytest.mark.parametrize(
    "fault",
    [
        faults.broken, faults.page, faults.empty, faults.cut, faults.wrong_encoding, faults.another_form,
        faults.too_often("1"), faults.too_often("900"), faults.slow(3), faults.endless, faults.dripping, faults.huge,
        faults.bomb, faults.hung_up, faults.unknown_key, faults.moved("http://169.254.169.254/"),
    ],
)  # fmt: skip
def test_whatever_goes_wrong_the_abstention_says_what_could_not_be_reached(ask, standin, fault):
    standin.always, begun = fault, time.monotonic()
    done = ask(UNHELD, "--live", "--format", "json", CONSILIUM_LIVE_SECONDS="2")
    assert done.returncode == 3, done.stderr
    assert time.monotonic() - begun < 30
    answer = answer_of(done)
    why = answer["run"]["fallbacks"][0]
    assert why["stage"] == "live"
    assert answer["content"]["message"].endswith(why["why"])
    assert "PubMed" in why["why"] or "CONSILIUM_NCBI_KEY" in why["why"]


def test_where_the_library_answers_a_fault_outside_takes_nothing_away(ask, standin):
    alone = answer_of(ask(HELD, "--format", "json"))
    standin.always = faults.broken
    answer = answer_of(ask(HELD, "--live", "--format", "json", CONSILIUM_LIVE_SECONDS="2"))
    assert answer["id"] == alone["id"]
    assert answer["run"]["fallbacks"][0]["why"].startswith("Not all of PubMed could be searched. ")


def test_what_cannot_be_kept_is_said_and_the_library_answers(ask, library):
    with writing(Folder(library), lambda _: None):
        done = ask(UNHELD, "--live", "--format", "json")
    assert done.returncode == 3
    assert "What PubMed gave could not be kept." in answer_of(done)["content"]["message"]


def test_a_question_without_a_name_to_ask_by_is_not_sent(ask, standin):
    done = ask("dose of zzyzxumab in flibbertosis", "--live", "--format", "json")
    assert (done.returncode, standin.asked) == (3, [])


@pytest.mark.parametrize("other", [["--replay", "r.json"], ["--cassette", "c.json"], ["--batch", "-"]])
def test_what_is_answered_from_the_library_alone_refuses_the_flag(ask, standin, other):
    done = ask(*([] if "--batch" in other else [UNHELD]), "--live", "--format", "json", *other)
    assert done.returncode == 2
    assert "leave out --batch, --replay and --cassette" in done.stderr
    assert standin.asked == []


@pytest.mark.parametrize("name,value", [("CONSILIUM_LIVE", "sometimes"), ("CONSILIUM_LIVE_SECONDS", "0")])
def test_a_setting_that_makes_no_sense_is_named(ask, name, value):
    done = ask(UNHELD, **{name: value})
    assert done.returncode == 4
    assert name in done.stderr
