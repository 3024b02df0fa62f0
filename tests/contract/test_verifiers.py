"""Every verifier by one suite: what it says of a claim, and that it may only reject."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.editors import Editor, written_by

from consilium.api import outcome_of
from consilium.domain.article import Support
from consilium.domain.question import Question
from consilium.errors import ModelError, ModelOutput
from consilium.pipeline.writing.desk import Desk, Writer
from consilium.pipeline.writing.judge import ModelJudge
from consilium.pipeline.writing.verdicts import Judgement, Quotation, Verdict, Verifier

SENTENCE = "Do not give an oral antiviral alone for new-onset Bell's palsy."


class ByWords:
    """The fake: entailed where each word of the claim stands in its sentences."""

    name = "words"

    def judge(self, text, cited):
        held = {word for sentence in cited for word in sentence.split()}
        return Verdict(Judgement.ENTAILED if set(text.split()) <= held else Judgement.PARTIAL)


def _judge(material, _request):
    held = " ".join(material["sentences"]).split()
    same = set(material["claim"].split()) <= set(held)
    return {"verdict": "entailed" if same else "contradicted", "why": "by its words"}


def model_judge(**stages):
    editor = Editor(**{"verify": _judge, **stages})
    return ModelJudge(Desk(Writer(editor, "function", mark=lambda: "~m~"))), editor


VERIFIERS = {"quotation": Quotation, "model": lambda: model_judge()[0], "fake": ByWords}


@pytest.fixture(params=sorted(VERIFIERS))
def verifier(request):
    return VERIFIERS[request.param]()


def test_it_is_a_verifier_and_has_a_name(verifier):
    assert isinstance(verifier, Verifier)
    assert verifier.name


def test_a_sentence_entails_itself(verifier):
    assert verifier.judge(SENTENCE, [SENTENCE]).stands


def test_what_its_sentences_do_not_say_does_not_stand(verifier):
    assert not verifier.judge("Give an oral antiviral with warfarin.", [SENTENCE]).stands


def test_the_same_claim_is_judged_alike_each_time(verifier):
    assert verifier.judge(SENTENCE, [SENTENCE]) == verifier.judge(SENTENCE, [SENTENCE])


@pytest.mark.parametrize(
    "text", [SENTENCE[12:], SENTENCE[:-1], SENTENCE.lower(), f"{SENTENCE} ", SENTENCE.replace("not ", "")]
)
def test_a_quotation_is_the_whole_sentence_to_the_letter(text):
    assert not Quotation().judge(text, [SENTENCE]).stands


def test_a_quotation_is_of_the_claims_own_sentence():
    assert not Quotation().judge(SENTENCE, ["Another sentence.", SENTENCE]).stands


def test_the_model_judges_a_claim_with_its_own_sentences_and_nothing_else_in_sight():
    judge, editor = model_judge()
    judge.judge("One claim.", ["One sentence."])
    judge.judge("Other claim.", ["Other sentence."])
    first, second = (json.loads(request.material) for request in editor.requests)
    assert set(first) == {"datamark", "claim", "sentences"}
    assert "One" not in json.dumps(second)


@pytest.mark.parametrize(
    "reply", [{}, {"verdict": "yes", "why": ""}, {"verdict": "entailed"}, [], "entailed", None]
)
def test_a_reply_that_is_no_verdict_is_an_error_and_no_approval(reply):
    judge, _ = model_judge(verify=lambda *_: reply)
    with pytest.raises(ModelOutput):
        judge.judge(SENTENCE, [SENTENCE])


def test_a_judge_that_cannot_be_reached_says_so():
    def fail(*_):
        raise ModelError

    judge, _ = model_judge(verify=fail)
    with pytest.raises(ModelError):
        judge.judge(SENTENCE, [SENTENCE])


class Whole:
    """A verifier that finds everything entailed, and has a name of its own."""

    name = "nli:test"

    def __init__(self):
        self.seen = []

    def judge(self, text, cited):
        self.seen.append((text, tuple(cited)))
        return Verdict(Judgement.ENTAILED)


def test_another_verifier_takes_the_models_place_and_is_named(world):
    editor, verifier = Editor(), Whole()
    made = written_by(world, editor)
    made = replace(made, writer=replace(made.writer, verifier=verifier))
    outcome = outcome_of(Question("How is an acute gout flare treated?"), made)
    worded = [c for c in outcome.result.claims if c.support is Support.ENTAILED]
    assert {c.verifier for c in worded} == {"nli:test"}
    assert "verify" not in [request.stage for request in editor.requests]
    assert {c.claim.text for c in worded} <= {text for text, _ in verifier.seen}
