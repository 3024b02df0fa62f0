"""`consilium evaluate claims`: what the rules keep and let through, and which sentences a claim is laid beside."""

from __future__ import annotations

import json
import sys

import pytest
from tests.collection import lines

from consilium.cli import main
from consilium.errors import MalformedCollection
from consilium.evaluation import claims as measuring
from consilium.evaluation.claims import CONTRADICTED, OPEN, SUPPORTED, UNRELATED, Pair
from consilium.lexicon import concepts

ABSTRACTS = {
    "1": (
        "Children with croup were studied.",
        "Dexamethasone 0.15 mg/kg relieved croup.",
        "No harm was seen.",
    ),
    "2": ("Adrenaline was nebulised.", "It did not shorten the stay in hospital.", "Follow-up was short."),
    "3": (
        "Croup is common.",
        "Humidified air was tried in croup.",
        "Nobody measured the stay.",
        "More is needed.",
    ),
    "4": ("Dexamethasone was given for asthma.", "Croup was not studied."),
}
CLAIMS = [
    {
        "_id": "c1", "claim": "Dexamethasone relieves croup.", "split": "train", "cited": [1],
        "evidence": [{"doc": "1", "label": "SUPPORT", "sentences": [1]}, {"doc": "1", "label": "SUPPORT", "sentences": [2]}],
    },
    {
        "_id": "c2", "claim": "Adrenaline shortens the stay by 3 days.", "split": "test", "cited": [2],
        "evidence": [{"doc": "2", "label": "CONTRADICT", "sentences": [1]}],
    },
    {"_id": "c3", "claim": "Humidified air shortens croup.", "split": "test", "cited": [3, 99], "evidence": []},
]  # fmt: skip


def _write(folder, claims=CLAIMS, abstracts=ABSTRACTS):
    folder.mkdir()
    (folder / "claims.jsonl").write_text(lines(claims))
    (folder / "corpus.jsonl").write_text(
        lines(
            {"_id": name, "title": "", "text": " ".join(cut), "metadata": {"sentences": list(cut)}}
            for name, cut in abstracts.items()
        )
    )
    return folder


def _pairs(folder, found=()):
    known = measuring.abstracts(folder / "corpus.jsonl")
    asked = measuring.claims(folder / "claims.jsonl", known)
    return list(measuring.pairs(asked, known, lambda _, limit: [(name, 1.0) for name in found][:limit]))


@pytest.fixture
def evaluate(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CONSILIUM_DATA_DIR", str(tmp_path / "data"))

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["consilium", "evaluate", "claims", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


def test_a_claim_is_laid_beside_all_its_evidence_in_one_abstract(tmp_path):
    supported = [pair for pair in _pairs(_write(tmp_path / "c")) if pair.kind == SUPPORTED]
    assert supported == [Pair("c1", CLAIMS[0]["claim"], ABSTRACTS["1"][1:], SUPPORTED)]


def test_what_contradicts_is_told_from_what_supports(tmp_path):
    found = [pair.sentences for pair in _pairs(_write(tmp_path / "c")) if pair.kind == CONTRADICTED]
    assert found == [ABSTRACTS["2"][1:2]]


def test_a_claim_without_evidence_is_laid_beside_the_closest_sentences_of_what_it_cites(tmp_path):
    found = [pair for pair in _pairs(_write(tmp_path / "c")) if pair.kind == OPEN]
    assert [(pair.claim, pair.sentences) for pair in found] == [("c3", ABSTRACTS["3"][:3])]


def test_a_hard_negative_is_found_by_the_words_and_is_neither_evidence_nor_cited(tmp_path):
    found = [pair for pair in _pairs(_write(tmp_path / "c"), "1432") if pair.kind == UNRELATED]
    mine = [pair.sentences for pair in found if pair.claim == "c1"]
    assert mine == [ABSTRACTS["4"], measuring.closest(CLAIMS[0]["claim"], ABSTRACTS["3"]), ABSTRACTS["2"]]


def test_the_rules_are_those_of_the_product():
    rules = measuring.rules(concepts.load())
    read = ("Dexamethasone 0.15 mg/kg relieved croup.",)

    def passed(claim):
        return [name for name, rule in rules.items() if rule(read, claim)]

    assert passed(read[0]) == list(rules)
    assert passed("Croup is relieved by dexamethasone 0.15 mg/kg.") == list(rules)[1:]
    assert passed("Croup is not relieved by dexamethasone 0.15 mg/kg.") == ["no number or drug beyond"]
    assert passed("Dexamethasone 0.6 mg/kg relieved croup.") == []
    assert passed("Budesonide 0.15 mg/kg relieved croup.") == []


def test_a_claim_counts_once_however_many_abstracts_it_has():
    pairs = [Pair("a", "x", ("x",), UNRELATED), *(Pair("b", "y", ("z",), UNRELATED) for _ in range(3))]
    found = measuring.passing(pairs, lambda read, claim: claim in read, 0)
    assert found[UNRELATED].mean == 0.5
    assert list(found) == [UNRELATED]


def test_every_share_is_told_with_its_interval(evaluate, tmp_path):
    code, out, _ = evaluate(_write(tmp_path / "c"), "--json")
    told = json.loads(out)
    assert code == 0
    assert told["claims"] == 3
    assert told["pairs"][SUPPORTED] == 1
    for shares in told["passing"].values():
        assert all(0 <= share["low"] <= share["mean"] <= share["high"] <= 1 for share in shares.values())
    assert told["passing"]["no number or drug beyond"][CONTRADICTED]["mean"] == 0  # 3 days


def test_the_table_says_that_the_rules_never_certify(evaluate, tmp_path):
    _, out, _ = evaluate(_write(tmp_path / "c"))
    assert "they never certify: a claim that passes is not thereby supported" in out


def test_one_split_can_be_measured_alone(evaluate, tmp_path):
    folder = _write(tmp_path / "c")
    assert json.loads(evaluate(folder, "--split", "test", "--json")[1])["claims"] == 2
    code, _, err = evaluate(folder, "--split", "other")
    assert code == 2
    assert "no claim of the split other" in err


BROKEN = {
    "no evidence": {"_id": "a", "claim": "x", "cited": []},
    "another label": {"_id": "a", "claim": "x", "cited": [], "evidence": [{"doc": "1", "label": "MAYBE", "sentences": []}]},
    "an abstract that is not there": {
        "_id": "a", "claim": "x", "cited": [], "evidence": [{"doc": "9", "label": "SUPPORT", "sentences": [0]}],
    },
    "a sentence that is not there": {
        "_id": "a", "claim": "x", "cited": [], "evidence": [{"doc": "4", "label": "SUPPORT", "sentences": [2]}],
    },
    "a claim that is none": {"_id": "a", "claim": " ", "cited": [], "evidence": []},
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_line_that_is_no_claim_is_told_by_its_number(tmp_path, what):
    with pytest.raises(MalformedCollection, match="line 2"):
        _pairs(_write(tmp_path / "c", [CLAIMS[0], BROKEN[what]]))


def test_abstracts_that_are_not_cut_into_sentences_are_refused(tmp_path):
    folder = _write(tmp_path / "c")
    (folder / "corpus.jsonl").write_text('{"_id": "1", "title": "", "text": "One. Two."}\n')
    with pytest.raises(MalformedCollection, match="line 1 has no list of `sentences`"):
        _pairs(folder)


def test_a_folder_without_claims_says_so(evaluate, tmp_path):
    folder = _write(tmp_path / "c")
    (folder / "claims.jsonl").unlink()
    code, _, err = evaluate(folder)
    assert code == 2
    assert "claims.jsonl" in err
