"""What a language model said is read as a reply only if it is whole, is JSON and keeps to its shape."""

from __future__ import annotations

import json

import pytest

from consilium.adapters.models.heard import Chunk, Heard, read
from consilium.adapters.models.service import Mode
from consilium.errors import ModelOutput, ModelRefused
from consilium.ports import ModelRequest

ANYTHING = ModelRequest("write", "write/1", "Write.", "{}", {"type": "object"}, 200)


def _heard(text, finish="stop", mode=Mode.JSON_SCHEMA, refusal=""):
    return Heard((Chunk(0.1, text[:3]), Chunk(0.2, text[3:])), finish, mode, "sim-1", 0.3, refusal=refusal)


@pytest.mark.parametrize("finish", ["stop", "tool_calls", "function_call", "end_turn", "tool_use"])
def test_what_is_whole_is_read(finish):
    assert read(ANYTHING, _heard('{"a": "ä"}', finish)).value == {"a": "ä"}


@pytest.mark.parametrize(
    "finish,told",
    [
        (None, "without saying that it had finished"),
        ("", "without saying that it had finished"),
        ("length", "by the limit of tokens"),
        ("max_tokens", "by the limit of tokens"),
        ("pause_turn", r"another reason than having finished \(pause_turn\)"),
        ("stop_sequence", "another reason"),
    ],
)
def test_what_is_not_whole_is_told_apart(finish, told):
    with pytest.raises(ModelOutput, match=told):
        read(ANYTHING, _heard('{"a": 1}', finish))


@pytest.mark.parametrize("finish,refusal", [("content_filter", ""), ("refusal", ""), ("stop", "I will not.")])
def test_a_refusal_is_one_whatever_was_said_beside_it(finish, refusal):
    with pytest.raises(ModelRefused) as caught:
        read(ANYTHING, _heard('{"a": 1}', finish, refusal=refusal))
    assert "I will not" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ['{"a": NaN}', '{"a": Infinity}', '{"a": "\\ud800"}', '{"a": 1} and so on', "[" * 100_000, '{"a": 1' + "0" * 5000 + "}"],
)  # fmt: skip
def test_what_python_takes_for_json_and_is_none_is_refused(text):
    with pytest.raises(ModelOutput, match="no JSON"):
        read(ANYTHING, _heard(text))


FENCED = ['```json\n{"a": 1}\n```', '```\n{"a": 1}\n```\n', ' ```JSON\n{"a": 1}```']


@pytest.mark.parametrize("text", FENCED)
def test_a_fence_is_forgiven_where_only_words_asked_for_json(text):
    assert read(ANYTHING, _heard(text, mode=Mode.PROMPTED)).value == {"a": 1}


@pytest.mark.parametrize("mode", [Mode.JSON_SCHEMA, Mode.TOOL])
@pytest.mark.parametrize("text", FENCED)
def test_a_fence_is_not_forgiven_elsewhere(text, mode):
    with pytest.raises(ModelOutput):
        read(ANYTHING, _heard(text, mode=mode))


def test_a_fence_within_words_is_no_reply():
    with pytest.raises(ModelOutput):
        read(ANYTHING, _heard('Here it is:\n```json\n{"a": 1}\n```', mode=Mode.PROMPTED))


def test_the_place_that_breaks_the_schema_is_named_and_not_what_stands_there():
    schema = {"type": "object", "properties": {"ids": {"type": "array", "items": {"enum": ["s1"]}}}}
    request = ModelRequest("write", "write/1", "Write.", "{}", schema, 200)
    with pytest.raises(ModelOutput, match=r"\$\.ids\[1\] breaks enum") as caught:
        read(request, _heard(json.dumps({"ids": ["s1", "a secret"]})))
    assert "secret" not in str(caught.value)


def test_a_schema_that_is_none_is_a_mistake_of_ours_and_not_of_the_model():
    with pytest.raises(ValueError, match="schema of a request"):
        read(ModelRequest("write", "write/1", "Write.", "{}", {"type": "no type"}, 200), _heard("{}"))
