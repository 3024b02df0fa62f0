"""Ten questions end to end with authored replies: the articles are those of docs/examples, and what they cost."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
import tiktoken
from tests import authored

from consilium.adapters.contract.check import check
from consilium.adapters.models import cassettes
from consilium.adapters.models.cassettes import Provenance
from consilium.api import outcome_of
from consilium.pipeline.writing.desk import estimated, size_of
from consilium.pipeline.writing.prompts import prompt

MOST_IN, MOST_OUT = 12_000, 2_500
# The name under which tiktoken keeps a file that it has fetched.
VOCABULARY = hashlib.sha1(
    b"https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken", usedforsecurity=False
).hexdigest()


@pytest.fixture(scope="module")
def example(world):
    made = {}

    def of(name):
        if name not in made:
            made[name] = authored.example(name, world, authored.replayed(name))
        return made[name]

    return of


def test_there_are_ten_questions_and_the_flagship_is_one():
    assert len(authored.NAMES) == 10
    flagship = "What are the upper motor neuron signs associated with back pain?"
    assert flagship in {authored.asked(name).text for name in authored.NAMES}


@pytest.mark.parametrize("name", authored.NAMES)
def test_the_page_of_an_example_is_what_its_replies_make_now(name, example):
    *_, page = example(name)
    assert (authored.EXAMPLES / f"{name}.md").read_text("utf-8") == page


@pytest.mark.parametrize("name", authored.NAMES)
def test_an_example_keeps_the_contract_and_is_in_other_words(name, example, world):
    answer, outcome, _ = example(name)
    assert check(answer, world.lexicon) == []
    assert answer["run"]["composer"] == f"model:{authored.NAME}"
    assert answer["run"]["fallbacks"] == []
    assert [t.text for t in outcome.trace.writing.tried if t.fate == "dropped"] == []


@pytest.mark.parametrize("name", authored.NAMES)
def test_the_replies_are_authored_and_say_so(name):
    exchanges = cassettes.read(authored.CASSETTES / f"{name}.jsonl")
    assert {exchange.provenance for exchange in exchanges} == {Provenance.AUTHORED}
    assert "No model wrote this" in (authored.EXAMPLES / f"{name}.md").read_text("utf-8")


@pytest.mark.parametrize("name", authored.NAMES)
def test_a_question_costs_no_more_than_the_design_allows(name):
    exchanges = cassettes.read(authored.CASSETTES / f"{name}.jsonl")
    assert sum(size_of(exchange.request) for exchange in exchanges) <= MOST_IN
    said = ("".join(chunk.text for chunk in exchange.heard.chunks) for exchange in exchanges)
    assert sum(estimated(text) for text in said) <= MOST_OUT


@pytest.mark.parametrize("name", authored.NAMES)
def test_the_trace_names_the_prompt_of_each_call_with_its_digest(name, example):
    _, outcome, _ = example(name)
    for call in outcome.trace.writing.calls:
        told = prompt(call.stage)
        assert (call.prompt, call.sha256) == (told.name, told.sha256)


@pytest.mark.parametrize("name", authored.NAMES)
def test_a_claim_of_an_example_that_is_cited_says_where(name, example):
    answer, _, page = example(name)
    for claim in answer["content"]["claims"].values():
        assert claim["citations"]
        if claim["support"] == "entailed":
            assert claim["verifier"] == f"model:{authored.NAME}"
    assert "In a model's words" in page


def test_without_a_model_the_same_question_is_answered_as_before(world, example):
    name = "gout-flare"
    answer, _, _ = example(name)
    plain = outcome_of(authored.asked(name), world)
    assert plain.trace.writing is None
    assert json.dumps(answer["content"]["act_now"]) == json.dumps(list(plain.result.act_now))


def test_the_estimate_is_no_less_than_what_a_tokenizer_counts():
    """Needs the vocabulary of o200k_base in TIKTOKEN_CACHE_DIR: tiktoken would fetch it, and a test fetches nothing."""
    cached = Path(os.environ.get("TIKTOKEN_CACHE_DIR", "/nowhere")) / VOCABULARY
    if not cached.exists():
        pytest.skip(
            "the vocabulary of o200k_base is not in TIKTOKEN_CACHE_DIR; tokens are counted by characters"
        )
    encoding = tiktoken.get_encoding("o200k_base")
    for name in authored.NAMES:
        for exchange in cassettes.read(authored.CASSETTES / f"{name}.jsonl"):
            request = exchange.request
            schema = json.dumps(request.schema, separators=(",", ":"))
            whole = f"{request.instructions}{request.material}{schema}"
            assert len(encoding.encode(whole)) <= size_of(request)
