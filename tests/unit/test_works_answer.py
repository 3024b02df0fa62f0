"""Answers over works: what is quoted from them, with what beside it, and what is turned away."""

from __future__ import annotations

import pytest
from tests.abstracts import CONCLUSION, METHODS, RESULTS, WORKS, ZINC, abstract, over

from consilium.adapters.contract.check import check
from consilium.api import encoded, outcome_of
from consilium.domain.question import Question

ASKED = "Does zinc reduce diarrhoea in children?"


@pytest.fixture(scope="module")
def zinc(world):
    made = over(world)
    return outcome_of(Question(ASKED), made), made


def _claims(outcome):
    return {claim.claim.sentence.id: claim for claim in outcome.result.claims}


def _reason(outcome, source):
    return {r.reason.value: r.detail for r in outcome.trace.rejections if r.candidate.source.id == source}


def test_a_conclusion_is_quoted_word_for_word_with_design_size_and_year(zinc):
    claim = _claims(zinc[0])["pmid-1#4"]
    assert claim.claim.text == "Zinc shortens acute diarrhoea in children."
    assert claim.support.value == "quoted"
    assert "randomised trial of 300 people (2012)" in claim.claim.frame


def test_what_takes_a_conclusion_back_stands_beside_it(zinc):
    claims = _claims(zinc[0])
    assert claims["pmid-1#5"].id in claims["pmid-1#4"].claim.partners
    items = [i.claims for s in zinc[0].result.sections for i in s.items]
    entry = next(item for item in items if claims["pmid-1#4"].id in item)
    assert entry.index(claims["pmid-1#5"].id) == entry.index(claims["pmid-1#4"].id) + 1


def test_the_finding_in_figures_on_the_same_outcome_stands_under_it(zinc):
    assert "pmid-1#2" in _claims(zinc[0])
    assert "pmid-1#3" not in _claims(zinc[0])


def test_a_method_is_never_quoted(zinc):
    assert "pmid-1#1" not in _claims(zinc[0])


def test_that_more_studies_are_needed_is_no_finding(zinc):
    assert "pmid-1#6" not in _claims(zinc[0])


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("pmid-2", "methods_only"),
        ("pmid-3", "non_human"),
        ("pmid-4", "protocol_only"),
        ("pmid-5", "off_topic"),
    ],
)
def test_what_cannot_be_quoted_is_turned_away_with_its_reason(zinc, source, reason):
    assert reason in _reason(zinc[0], source)
    assert not [name for name in _claims(zinc[0]) if name.startswith(f"{source}#")]


def test_the_answer_keeps_the_contract(zinc):
    outcome, made = zinc
    assert check(encoded(outcome, made), made.lexicon) == []


def test_another_language_is_turned_away(world):
    work = abstract("pmid-9", ZINC["source"]["title"], (CONCLUSION, "Zinc reduced diarrhoea in children."))
    work["source"]["language"] = "fre"
    assert "language" in _reason(outcome_of(Question(ASKED), over(world, [work, ZINC])), "pmid-9")


def test_retracted_work_is_turned_away(world):
    work = abstract("pmid-9", "Zinc for diarrhoea", (CONCLUSION, "Zinc reduced diarrhoea in children."))
    work["source"]["retracted"] = True
    assert "retracted" in _reason(outcome_of(Question(ASKED), over(world, [work, ZINC])), "pmid-9")


def test_a_curated_record_of_the_same_work_is_cited_instead(world):
    record = next(s for s in world.library.sources() if s.id and s.pmid and s.kind.value == "study")
    name = next(s for s in world.library.sentences(record.id))
    copy = abstract("pmid-9", record.title, (CONCLUSION, name.text), pmid=record.pmid)
    outcome = outcome_of(Question(record.title + "?"), over(world, [copy]))
    cited = {r.source.id for r in getattr(outcome.result, "references", ())}
    assert not {record.id, "pmid-9"} <= cited


def test_a_child_is_not_answered_by_a_trial_in_adults(world):
    work = abstract(
        "pmid-9",
        "Zinc for diarrhoea in adults: a randomised trial",
        (CONCLUSION, "Zinc reduced diarrhoea in adults."),
    )
    assert "wrong_population" in _reason(outcome_of(Question(ASKED), over(world, [work, ZINC])), "pmid-9")


def test_a_short_form_is_told_by_what_its_work_spells_out(world):
    work = abstract(
        "pmid-9",
        "A new mixture for diarrhoea in children",
        (METHODS, "Children took a zinc powder mixture (ZPM) or placebo."),
        (CONCLUSION, "Zinc in ZPM reduced diarrhoea in children."),
    )
    claims = _claims(outcome_of(Question(ASKED), over(world, [work])))
    assert "ZPM: zinc powder mixture" in claims["pmid-9#2"].claim.frame


def test_a_short_form_that_nobody_spells_out_is_turned_away(world):
    work = abstract(
        "pmid-9", "A mixture for children", (CONCLUSION, "Zinc in ZPM reduced diarrhoea in children.")
    )
    assert "methods_only" in _reason(outcome_of(Question(ASKED), over(world, [work, ZINC])), "pmid-9")


def test_a_change_in_every_group_is_no_effect(world):
    work = abstract(
        "pmid-9",
        "Zinc for diarrhoea in children",
        (RESULTS, "In both groups zinc reduced diarrhoea from baseline."),
    )
    assert "methods_only" in _reason(outcome_of(Question(ASKED), over(world, [work, ZINC])), "pmid-9")


def test_an_outdated_guideline_never_leads(world):
    advice = {"0": {"native": "strong", "strength": "strong", "direction": "for"}}
    rows = [
        abstract(
            name,
            "Zinc for acute diarrhoea in children",
            ("recommendation", text, advice),
            kind="guideline",
            design="practice guideline",
            organisation=[body],
            status=status,
            year=2020,
        )
        for name, text, body, status in (
            ("old", "Give zinc 10 mg daily to children with diarrhoea.", "Old Body", "superseded"),
            ("new", "Give zinc 20 mg daily to children with diarrhoea.", "New Body", "current"),
        )
    ]
    outcome = outcome_of(Question("How is diarrhoea treated with zinc in children?"), over(world, rows))
    leads = [i.claims for s in outcome.result.sections for i in s.items if i.role.value == "lead"]
    assert leads == [(_claims(outcome)["new#1"].id,)]


def test_a_document_of_unknown_edition_leads_only_where_no_statement_opens_as_well(world):
    advice = {"0": {"native": "strong", "strength": "strong", "direction": "for"}}
    row = abstract(
        "mine",
        "Croup in children",
        ("recommendation", "Treat croup in children with dexamethasone.", advice),
        kind="guideline",
        design="practice guideline",
        organisation=["Our Hospital"],
    )
    plain, beside = (
        outcome_of(Question("How is croup treated?"), w).result for w in (world, over(world, [row]))
    )
    leads = [
        [i.claims for s in r.sections for i in s.items if i.role.value == "lead"] for r in (plain, beside)
    ]
    assert leads[0] == leads[1]
    assert "mine#1" in {c.claim.sentence.id for c in beside.claims}


def test_a_finding_beside_something_else_is_turned_away(world):
    work = abstract(
        "pmid-9",
        "Zinc for diarrhoea in children",
        (RESULTS, "Zinc reduced diarrhoea more than rice water did in children."),
    )
    asked = Question("Does zinc, compared with honey, reduce diarrhoea?")
    assert "pmid-9" not in {
        r.source.id for r in getattr(outcome_of(asked, over(world, [work])).result, "references", ())
    }


def test_without_works_an_answer_is_as_it_was(world):
    for text in ("How is croup treated?", "What are the signs of cervical myelopathy?"):
        plain = encoded(outcome_of(Question(text), world), world)
        beside = encoded(outcome_of(Question(text), over(world, [])), world)
        assert plain["content"] == beside["content"]


def test_works_on_something_else_leave_an_answer_as_it_was(world):
    for text in ("How is croup treated?", "What are the signs of cervical myelopathy?"):
        plain, beside = (outcome_of(Question(text), w) for w in (world, over(world, WORKS)))
        assert plain.result == beside.result
