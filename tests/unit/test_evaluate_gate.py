"""`consilium evaluate gate`: floors, curves and the fit against values worked by hand; the library; bad input."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import replace

import pytest
from tests.collection import lines
from tests.embedding import FakeEmbedder

from consilium import wiring
from consilium.adapters.renderings import chart
from consilium.api import outcome_of
from consilium.cli import main
from consilium.domain.question import Question
from consilium.errors import MalformedCollection
from consilium.evaluation import coverage, gates, logistic, separation, topical_gate, topicality
from consilium.evaluation.separation import Scored
from consilium.evaluation.topicality import ABSENT, EVIDENCE, HARD, RANDOM, Traits

SUBJECTS = (
    "croup", "asthma", "gout", "scurvy", "migraine", "otitis", "sciatica", "anaemia", "measles", "mumps", "rabies",
    "tetanus", "cholera", "leprosy", "malaria", "typhoid",
)  # fmt: skip


def _scored(**kinds):
    return [Scored("q", kind, score) for kind, scores in kinds.items() for score in scores]


def _abstract(number, subject):
    told = [
        f"Trials of {subject} are described.",
        f"Drug{number} relieves {subject} within {number + 2} weeks.",
    ]
    return {
        "_id": str(number),
        "title": f"On {subject}.",
        "text": " ".join(told),
        "metadata": {"sentences": told},
    }


def _claim(number, subject):
    evidence = [{"doc": str(number), "label": "SUPPORT", "sentences": [1]}]
    return {
        "_id": f"c{number}", "claim": f"Drug{number} relieves {subject}.", "cited": [number], "evidence": evidence,
        "split": "test" if number % 2 else "train",
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "small"
    made.mkdir()
    (made / "corpus.jsonl").write_text(lines(_abstract(n, s) for n, s in enumerate(SUBJECTS)))
    (made / "claims.jsonl").write_text(lines(_claim(n, s) for n, s in enumerate(SUBJECTS)))
    return made


@pytest.fixture
def evaluate(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CONSILIUM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(wiring, "embedder", lambda *_, **__: FakeEmbedder())

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["consilium", "evaluate", "gate", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


def test_a_question_counts_once_for_each_kind():
    scored = [
        Scored("a", HARD, 0.0),
        Scored("a", HARD, 0.0),
        Scored("b", HARD, 0.0),
        Scored("a", EVIDENCE, 1.0),
    ]
    assert separation.shares(scored) == [0.25, 0.25, 0.5, 1.0]


def test_the_floor_is_the_highest_that_keeps_enough():
    scored = _scored(**{EVIDENCE: [0.1 * n for n in range(1, 11)]})
    assert separation.floor_keeping(scored, EVIDENCE, 0.9) == pytest.approx(0.2)
    assert separation.floor_keeping(scored, EVIDENCE, 1.0) == pytest.approx(0.1)


def test_the_curve_has_a_point_for_every_floor_of_the_evidence():
    scored = _scored(**{EVIDENCE: [0.9, 0.4], HARD: [0.9, 0.5, 0.3, 0.1]})
    told = [(p.floor, p.passed[EVIDENCE], p.passed[HARD]) for p in separation.curve(scored, EVIDENCE)]
    assert told == [(0.4, 1.0, 0.5), (0.9, 0.5, 0.25)]


def test_gates_are_compared_where_they_keep_as_much():
    points = [
        separation.Point(floor, {EVIDENCE: kept, HARD: kept / 2})
        for floor, kept in ((0.1, 1.0), (0.2, 0.9), (0.3, 0.8))
    ]
    assert topical_gate.Measured(0.3, {}, points).hard_at_kept == 0.45


def test_what_passes_is_a_mean_over_questions():
    scored = [Scored("a", HARD, 0.9), *(Scored("b", HARD, score) for score in (0.9, 0.1, 0.1, 0.1))]
    assert separation.passing(scored, 0.5, 0)[HARD].mean == pytest.approx((1 + 0.25) / 2)


def test_without_evidence_no_floor_can_be_chosen():
    with pytest.raises(MalformedCollection, match="floor cannot be chosen"):
        separation.floor_keeping(_scored(**{HARD: [0.1]}), EVIDENCE, 0.9)


def test_the_fit_finds_the_odds_of_two_groups():
    # Where x is 0, one of four is good; where it is 1, three of four: odds 1/3 and 3, so ln 9 apart.
    rows, good = [[0.0]] * 400 + [[1.0]] * 400, ([True] + [False] * 3) * 100 + ([True] * 3 + [False]) * 100
    weights, intercept = logistic.fit(rows, good, [1.0] * 800)
    assert weights[0] == pytest.approx(math.log(9), abs=0.03)
    assert intercept == pytest.approx(math.log(1 / 3), abs=0.02)


def test_a_row_that_counts_twice_is_as_two_rows():
    rows, good = [[0.0], [1.0], [1.0], [0.0]], [False, True, False, True]
    doubled = logistic.fit([*rows, rows[0]], [*good, False], [1.0] * 5)
    weighted = logistic.fit(rows, good, [2.0, 1.0, 1.0, 1.0])
    chances = [1 / (1 + math.exp(-w[0] * 1.0 - b)) for w, b in (doubled, weighted)]
    assert chances[0] == pytest.approx(chances[1], abs=0.01)


def test_a_trait_that_never_differs_has_no_weight():
    weights, _ = logistic.fit([[0.0, 5.0], [1.0, 5.0]], [False, True], [1.0, 1.0])
    assert weights[1] == pytest.approx(0.0)


class _Words:
    """Text and meaning of two documents, as a test foresees them."""

    def __init__(self, near):
        self._near = near

    def terms(self, text):
        return text.lower().replace(".", "").split()

    def search(self, query, limit):
        return [("b", 4.0), ("a", 2.0)][:limit]

    def vector(self, query):
        return query

    def nearest(self, vector, limit):
        return sorted(self._near.items(), key=lambda pair: -pair[1])[:limit]

    def near(self, vector, documents):
        return {name: self._near[name] for name in documents}

    def met(self, query, documents):
        return {}


@pytest.fixture
def search(tmp_path):
    file = tmp_path / "corpus.jsonl"
    texts = {"a": ["Croup lasts 3 days.", "It is mild."], "b": ["Croup is mild croup."]}
    file.write_text(
        lines({"_id": n, "title": "", "metadata": {"sentences": cut}} for n, cut in texts.items())
    )
    words = _Words({"a": 0.5, "b": 0.75})
    corpus = topicality.Corpus(file, words)
    return topicality.Search(
        "mild days 3 12", dict(words.search("", 9)), ["a", "b"], corpus, words, words
    ), corpus


def test_traits_are_those_worked_by_hand(search):
    one, corpus = search
    rarity = corpus.rarity(("mild", "days", "3", "12"))
    assert rarity["mild"] == pytest.approx(math.log(1.2))
    assert rarity["days"] == pytest.approx(math.log(2))
    assert rarity["12"] == pytest.approx(math.log(6))
    mass = sum(rarity.values())
    told = one.traits("a", one.best(()))
    assert told.near == 0.5
    assert told.text == pytest.approx(2 / mass)
    assert told.sentence == pytest.approx(2 * math.log(2) / mass)
    assert told.document == pytest.approx((math.log(1.2) + 2 * math.log(2)) / mass)
    assert told.numbers == 0.5
    assert told.less_near == 0.25
    assert told.less_text == pytest.approx(2 / mass)
    assert told.less_document == 0


def test_what_is_taken_out_is_not_the_best(search):
    one, _ = search
    assert one.traits("a", one.best({"b"})).less_near == 0
    assert one.best({"a", "b"}) == (0.0, 0.0, 0.0, 0.0)


def test_hard_negatives_are_neither_evidence_nor_cited(evaluate, folder, monkeypatch):
    told = []
    monkeypatch.setattr(topical_gate, "fitted", lambda pairs, *_: told.append(pairs) or _gate())
    evaluate(folder, "--fit", folder.parent / "g.json")
    counts = {kind: sum(p.kind == kind and p.claim == "c0" for p in told[0]) for kind in topicality.KINDS}
    assert counts[EVIDENCE] == 1
    assert counts[HARD] == counts[ABSENT] == 10
    assert counts[RANDOM] == len(SUBJECTS) - 11


def _gate():
    return topical_gate.TopicalGate({"near": 2.0}, -1.0, 0.5, {"embedder": {}})


def test_the_score_of_a_gate_is_a_chance():
    traits = Traits(*[0.5] * len(topicality.NAMES))
    assert _gate().score(traits) == 0.5
    assert _gate().score(replace(traits, near=1e9)) == 1


def test_the_gate_is_fitted_on_training_claims_and_measured_on_others(evaluate, folder, tmp_path):
    code, out, _ = evaluate(folder, "--fit", tmp_path / "gate.json", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["gate"]["made"]["fitted_on"] == len(SUBJECTS) / 2
    passed = told["figures"]["the gate"]["passed"]
    assert passed[EVIDENCE]["mean"] == 1
    assert passed[HARD]["mean"] < 0.2
    alone = set(topical_gate.BASELINES) - {"word pieces alone"}  # the model of the test has none
    assert set(told["figures"]) == {"the gate", topical_gate.ALONE, *alone}
    written = topical_gate.TopicalGate(**json.loads((tmp_path / "gate.json").read_text()))
    assert written.floor == told["gate"]["floor"]
    assert set(written.weights) == set(topicality.NAMES)


def test_the_same_fit_is_written_byte_for_byte_alike(evaluate, folder, tmp_path):
    for name in ("a.json", "b.json"):
        evaluate(folder, "--fit", tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_weights_for_another_model_are_told(evaluate, folder):
    code, out, err = evaluate(folder)
    assert code == 0
    assert "8 claims that nothing was fitted on" in out
    assert "fitted with another model of vectors" in err


def test_the_gate_that_ships_says_what_it_was_made_of():
    one = topical_gate.shipped_gate()
    assert set(one.weights) == set(topicality.NAMES)
    assert 0 < one.floor < 1
    assert one.made.keys() >= {
        "collection",
        "corpus",
        "claims",
        "fitted_on",
        "embedder",
        "command",
        "licence",
    }


def test_the_curves_are_drawn(evaluate, folder, tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (the extra `plots`) is not installed")
    code, _, _ = evaluate(folder, "--plot", tmp_path / "c.svg")
    drawn = (tmp_path / "c.svg").read_text("utf-8")
    assert code == 0
    for words in ("kept, evidence", "passed, hard negative", "the gate", "BM25 alone"):
        assert f">{words}<" in drawn


def test_curves_in_another_form_are_refused(evaluate, folder, tmp_path):
    code, _, err = evaluate(folder, "--plot", tmp_path / "c.pdf")
    assert code == 4
    assert f"must end in {' or '.join(chart.FORMS)}" in err


def test_a_fit_that_cannot_be_written_says_so(evaluate, folder, tmp_path):
    code, out, err = evaluate(folder, "--fit", tmp_path / "nowhere" / "g.json")
    assert code == 4
    assert "cannot be written" in err
    assert "the gate" in out  # the figures are not lost


def test_claims_of_one_split_only_are_refused(evaluate, folder):
    (folder / "claims.jsonl").write_text(lines(_claim(n, s) for n, s in enumerate(SUBJECTS) if n % 2))
    code, _, err = evaluate(folder)
    assert code == 2
    assert "of the split train, and of another" in err


def test_a_line_that_is_no_claim_is_told_by_its_number(evaluate, folder):
    (folder / "claims.jsonl").write_text(lines([_claim(0, "croup"), {"_id": "x"}]))
    code, _, err = evaluate(folder)
    assert code == 2
    assert "line 2 is no claim" in err


@pytest.mark.parametrize("option", ["--fit", "--plot"])
def test_what_needs_claims_is_refused_over_the_library(evaluate, option, tmp_path):
    code, _, err = evaluate(option, tmp_path / "x.svg")
    assert code == 2
    assert "need DIR" in err


def test_questions_that_are_not_there_are_refused(evaluate, tmp_path):
    code, _, err = evaluate("--questions", tmp_path / "none.jsonl")
    assert code == 2
    assert "none.jsonl" in "".join(err.replace("│", "").split())


def test_a_half_that_is_none_is_refused(evaluate):
    code, _, err = evaluate("--split", "other")
    assert code == 2
    assert "other is no half" in err


@pytest.fixture(scope="module")
def tallies(world):
    topics = [topic for topic in coverage.topics() if topic.id in {"q-umn-back", "q-dcm-treat"}]
    judged = {("q-umn-back", "acr-myelopathy-2021#1"): 0, ("q-umn-back", "none#1"): 0}
    unanswerable = [Question("How is Fabry disease treated?"), Question("qwrt zzx plok?"), Question(" ")]
    return topics, gates.measure(
        topics, unanswerable, lambda question: outcome_of(question, world), world.library, judged
    )


def test_statements_that_must_be_there_are_let_through_or_counted_with_a_reason(tallies):
    topics, told = tallies
    tally = told[gates.KNOWN]
    assert tally.questions == 2
    assert tally.beside(gates.MUST) + tally.unfound == sum(len(set(topic.must)) for topic in topics)
    assert tally.passed[gates.MUST] > 0


def test_reasons_name_the_gate_and_the_code(tallies):
    reasons = tallies[1][gates.KNOWN].reasons[gates.DRAWN]
    assert reasons["topic: off_topic"] > 0
    assert all(": " in reason for reason in reasons)


def test_questions_whose_topic_the_lexicon_does_not_know_are_counted_apart(tallies):
    unknown = tallies[1][gates.UNKNOWN]
    assert unknown.questions == 0
    assert unknown.unanswerable == unknown.rightly > 0


def test_the_share_turned_away_is_of_what_the_gates_ruled_on():
    tally = gates.Tally()
    tally.add([(gates.MUST, None), (gates.MUST, "topic: off_topic"), (gates.OTHER, "age: wrong_population")])
    assert tally.rejected(gates.MUST) == 0.5
    assert tally.rejected(gates.MUST, gates.OTHER) == pytest.approx(2 / 3)
    assert tally.rejected(gates.JUDGED_OFF) == 0


def test_the_library_is_told_as_a_table_and_as_json(evaluate, tmp_path, world, library_folder, monkeypatch):
    monkeypatch.setattr(coverage, "unanswerable", lambda: iter(()))
    asked = {"id": "q1", "text": "When is surgery advised for degenerative cervical myelopathy?"}
    listed = {"sources": ["aospine-csrs-dcm-2017"], "must": ["aospine-csrs-dcm-2017#1"]}
    (tmp_path / "q.jsonl").write_text(lines([asked | listed]))
    half = coverage.split_of("q1")
    words = ("--library", library_folder, "--questions", tmp_path / "q.jsonl", "--split", half)
    code, out, _ = evaluate(*words)
    assert code == 0
    assert "evidence wrongly rejected (goal ≤ 0.050) 0.000 of 1" in " ".join(out.split())
    told = json.loads(evaluate(*words, "--json")[1])
    assert told[gates.KNOWN]["evidence_wrongly_rejected"] == 0
    drawn = told[gates.KNOWN]["statements"][gates.DRAWN]
    assert drawn["beside"] == 10
    assert sum(drawn["reasons"].values()) == 10 * drawn["turned_away"]
