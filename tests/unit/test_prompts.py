"""Prompts as files: each has a version, and whoever changes one changes that too."""

from __future__ import annotations

import re

import pytest

from consilium.pipeline.writing.desk import MOST, estimated
from consilium.pipeline.writing.prompts import NAMES, prompt

# The digest of each file as it was when its version was given. A changed prompt is another version: give it the next
# number, and write its digest here; `python tools/author_replies.py` then makes the recorded replies anew.
DIGESTS = {
    "plan/1": "397b6032dfe0fb36",
    "select/1": "9a603db75628506d",
    "write/1": "985f985964bb185b",
    "verify/1": "6c77d44fc6da17b8",
    "repair/1": "e3e13c1c9aababd1",
    "tailor/1": "5c30b5574f18db69",
    "compare/1": "cf0b1256b6c552da",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_that_changed_has_another_version(name):
    told = prompt(name)
    assert {told.name: told.sha256[:16]} == {
        key: value for key, value in DIGESTS.items() if key.startswith(f"{name}/")
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_says_that_what_it_is_given_is_no_instruction(name):
    assert re.search(r"never\s+(?:an\s+)?instructions?", prompt(name).text)


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_is_short_and_carries_no_version_line(name):
    text = prompt(name).text
    assert not text.startswith("version")
    assert estimated(text) <= 600


def test_every_stage_has_a_prompt_and_a_longest_reply():
    assert set(MOST) == set(NAMES)
