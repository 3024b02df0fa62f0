"""What opens an answer: advice that fits the question, with its conditions and from where it comes."""

from __future__ import annotations

import pytest

from consilium.adapters.contract.check import check


def first(answer) -> str:
    content = answer["content"]
    return content["claims"][content["in_short"][0]]["citations"][0]["sentences"][0]["id"]


def lead(answer) -> dict:
    content = answer["content"]
    found = [i for s in content["sections"] for i in s["items"] if i["role"] == "lead"]
    return content["claims"][found[0]["claims"][0]]


def test_advice_that_excludes_what_was_asked_never_opens(answered):
    answer = answered("hypertension in diabetes")
    content = answer["content"]
    short = [content["claims"][c]["citations"][0]["sentences"][0]["id"] for c in content["in_short"]]
    assert "nice-ng136#2" not in short


def test_advice_that_may_exclude_what_was_asked_is_cited_with_a_notice(answered):
    content = answered("hypertension in diabetes")["content"]
    assert any("may not apply where: type 2 diabetes" in gap for gap in content["gaps"])


def test_what_is_left_out_in_the_question_excludes_nothing(answered):
    content = answered("hypertension without diabetes")["content"]
    assert not any("apply where: type 2 diabetes" in gap for gap in content["gaps"])


@pytest.mark.parametrize("question", ["community-acquired pneumonia", "atrial fibrillation"])
def test_advice_that_depends_on_nothing_leads_where_the_library_holds_it(answered, question):
    qualifiers = lead(answered(question))["qualifiers"]
    assert not [q for q in qualifiers if q.startswith("only if")]


def test_a_condition_that_the_question_states_is_no_hindrance(answered):
    answer = answered("Severe cervical myelopathy, mJOA 10: operate?")
    assert first(answer).startswith("aospine-csrs-dcm-2017#1")


def test_a_lead_that_depends_on_something_says_so_in_its_frame(answered):
    found = lead(answered("Can I take ibuprofen while pregnant?"))
    assert found["qualifiers"][0] == "only if: 20-30 weeks of pregnancy"
    assert "20-30 weeks of pregnancy" in found["frame"] + found["text"]


@pytest.mark.parametrize("country,told", [("Japan", True), ("UK", False), (None, False)])
def test_guidance_from_elsewhere_is_said_where_a_country_was_chosen(answered, country, told):
    gaps = answered("hypertension in diabetes", country=country)["content"]["gaps"]
    assert any(f"No guidance from {country}" in gap for gap in gaps) is told


def test_a_country_carries_no_markup_into_an_article(answered, world):
    answer = answered("hypertension in diabetes", country="<b>Atlantis</b>")
    assert check(answer, world.lexicon) == []
    assert any("No guidance from bAtlantisb" in gap for gap in answer["content"]["gaps"])
