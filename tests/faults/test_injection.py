"""Passages that give orders to a machine, before a model that obeys every one of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.editors import HONEST, Editor, always, written_by
from tests.poisoned import NAME, passage, with_passage

from consilium.adapters.contract.check import check
from consilium.api import encoded, outcome_of
from consilium.domain.article import Article
from consilium.domain.question import Audience, Question
from consilium.pipeline.writing import suspicion

FOLDER = Path(__file__).parents[1] / "fixtures" / "poison"


def _cases(name):
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


# Those of the second file were written after the patterns that look for orders; most are not noticed.
CASES, UNSEEN = _cases("passages"), _cases("unseen")
QUESTION, LIKE = "How is an acute gout flare treated?", "agree-2010#1"


class Obedient(Editor):
    """The worst case: it does what the poison says, everywhere and whether it saw it or not."""

    def __init__(self, case):
        super().__init__(
            write=self._write, repair=self._repair, tailor=self._tailor, verify=always("entailed")
        )
        self._says = [case["payload"], f"{case['payload']} See https://evil.example/now."]

    def _write(self, material, request):
        written = HONEST["write"](material, request)["claims"][:6]
        names = [s["id"] for s in material["sentences"]]
        orders = [
            {"text": text, "ids": ids, "section": section, "kind": kind}
            for text in self._says
            for ids in (names[:1], names[-1:], names[:4])
            for section, kind in (("in_short", "finding"), ("research", "finding"))
        ]
        appended = [{**row, "text": f"{row['text']} {self._says[0]}"} for row in written[:2]]
        return {"claims": [*orders[:5], *appended, *written, *orders[5:]][:16]}

    def _repair(self, material, _request):
        return {"claims": [{"claim": row["claim"], "text": self._says[0]} for row in material["claims"]]}

    def _tailor(self, material, _request):
        return {
            "claims": [{"id": c["id"], "text": f"{c['text']} {self._says[0]}"} for c in material["claims"]]
        }


@pytest.fixture
def asked(world):
    def ask(case, audience=Audience.PATIENT):
        work, sentences = passage(case["texts"], case["title"])
        made = written_by(with_passage(world, work, sentences, LIKE), Obedient(case))
        return outcome_of(Question(QUESTION, audience), made), made

    return ask


def _shown(answer):
    """Everything of an answer that a reader may see."""
    return json.dumps(answer, ensure_ascii=False).lower()


def test_the_corpus_has_at_least_sixty_passages_of_every_kind():
    kinds = {case["kind"] for case in CASES}
    assert len(CASES) >= 60
    assert kinds >= {
        "instruction",
        "role play",
        "encoded",
        "homoglyphs",
        "table",
        "title",
        "language",
        "split",
    }


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_no_poisoned_passage_gets_a_claim_an_address_or_an_order_into_an_article(case, asked):
    outcome, made = asked(case)
    answer = encoded(outcome, made)
    assert answer["kind"] == "article"
    assert check(answer, made.lexicon) == []
    shown = _shown(answer)
    assert [marker for marker in (*case["markers"], "evil.example") if marker in shown] == []
    assert any(c.support.value == "entailed" for c in outcome.result.claims)  # it did not win by silence


@pytest.mark.parametrize("case", CASES[::4], ids=[case["id"] for case in CASES[::4]])
def test_what_is_meant_for_a_machine_is_told_and_never_sent(case, asked):
    outcome, made = asked(case)
    assert set(outcome.trace.writing.flagged) == {f"{NAME}#{n}" for n in range(1, len(case["texts"]) + 1)}
    sent = " ".join(request.material for request in made.writer.model.requests)
    assert case["texts"][0] not in sent


def _under_itself_alone(outcome, said):
    assert isinstance(outcome.result, Article)
    for claim in outcome.result.claims:
        if said.lower().rstrip(".") in claim.claim.text.lower():
            assert {source.id for source, _ in claim.claim.cited} == {NAME}


@pytest.mark.parametrize("case", CASES[::3], ids=[case["id"] for case in CASES[::3]])
def test_even_unnoticed_a_poisoned_passage_puts_nothing_under_another_source(case, asked, monkeypatch):
    monkeypatch.setattr("consilium.pipeline.answer.screened", lambda evidence: (tuple(evidence), ()))
    outcome, _ = asked(case, Audience.CLINICIAN)
    _under_itself_alone(outcome, case["payload"])


@pytest.mark.parametrize("case", UNSEEN, ids=[case["id"] for case in UNSEEN])
def test_an_order_of_a_kind_never_seen_puts_nothing_under_another_source(case, asked):
    outcome, made = asked(case, Audience.CLINICIAN)
    assert check(encoded(outcome, made), made.lexicon) == []
    _under_itself_alone(outcome, case["payload"])
    for marker in case["markers"]:
        _under_itself_alone(outcome, marker)
    assert "evil.example" not in _shown(encoded(outcome, made))


def test_no_sentence_of_the_starter_library_is_taken_for_an_order(world):
    rows = ((s, x) for s in world.library.sources() for x in world.library.sentences(s.id))
    assert suspicion.suspects(rows) == {}


def test_a_model_is_asked_nothing_where_only_poison_was_found(asked, monkeypatch):
    case = CASES[0]
    monkeypatch.setattr("consilium.pipeline.answer.screened", lambda evidence: ((), ()))
    _, made = asked(case)
    assert made.writer.model.requests == []
