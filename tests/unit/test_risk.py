"""Which claims have to be read twice."""

from __future__ import annotations

import pytest

from consilium.pipeline.risk import Risk, kinds_of, rank, risks, risks_of


def claim(text: str, **more) -> dict:
    body = {"text": text, "population": None, "qualifiers": [], "direction": "none", "support": "summarised"}
    return {**body, **more}


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("Give dexamethasone 0.15 mg/kg once.", Risk.DOSE),
        ("Start at the lowest dose.", Risk.DOSE),
        ("In infants the sign is unreliable.", Risk.CHILDREN),
        ("Avoid it in the third trimester.", Risk.PREGNANCY),
        ("Do not image the lumbar spine alone.", Risk.AGAINST),
        ("Recommends against bed rest.", Risk.AGAINST),
    ],
)
def test_a_claim_is_of_high_risk_by_what_it_says(text, risk):
    assert risk in risks(claim(text))


@pytest.mark.parametrize(
    "text", ["Hyperreflexia is an upper motor neuron sign.", "The review held 12 studies of 840 people."]
)
def test_a_plain_finding_is_of_no_high_risk(text):
    assert risks(claim(text)) == ()


def test_a_claim_is_of_high_risk_by_whom_it_is_about():
    assert risks(claim("It helps.", population="Children with croup")) == (Risk.CHILDREN,)
    assert risks(claim("It helps.", qualifiers=["not if: pregnancy"])) == (Risk.PREGNANCY,)


@pytest.mark.parametrize("support", ["inferred", "entailed"])
def test_what_the_source_does_not_say_itself_is_of_high_risk(support):
    assert risks(claim("So it follows.", support=support)) == (Risk.INFERENCE,)


def test_what_is_urgent_is_of_high_risk():
    assert risks(claim("Call now."), act_now=True) == (Risk.ACT_NOW,)


def content(*texts: str, act_now: tuple[str, ...] = ()) -> dict:
    return {"claims": {f"c-{n}": claim(text) for n, text in enumerate(texts)}, "act_now": list(act_now)}


def test_a_dose_outweighs_all_below_it():
    dose = content("Give 5 mg.")
    others = content("Do not.", "In infants.", "In pregnancy.", act_now=("c-0",))
    assert rank(dose) > rank(others) > rank(content("A sign.")) == 0


def test_the_reasons_of_an_article_are_told_the_gravest_first():
    assert kinds_of(content("Do not.", "Give 5 mg.")) == (Risk.DOSE, Risk.AGAINST)
    assert risks_of(content("A sign.")) == {"c-0": ()}
