"""Whether bullets on trials state the direction that annotators read in them."""

from __future__ import annotations

import json

import pytest
from tests.abstracts import ZINC, over
from typer.testing import CliRunner

from consilium.api import outcome_of
from consilium.cli import evaluate_effects
from consilium.cli.app import app
from consilium.errors import MalformedCollection
from consilium.evaluation import effects
from consilium.evaluation.direction import Way, way_of

ON = {"intervention": "zinc", "comparator": "placebo", "outcome": "duration of diarrhoea"}


@pytest.mark.parametrize(
    ("sentence", "way"),
    [
        ("Zinc reduced the duration of diarrhoea.", Way.LESS),
        ("The duration of diarrhoea was longer with zinc than with placebo.", Way.MORE),
        ("The duration of diarrhoea was longer with placebo than with zinc.", Way.LESS),
        ("The duration of diarrhoea was longer in the placebo group.", Way.LESS),
        ("The duration of diarrhoea did not differ between the groups.", Way.SAME),
        ("Zinc did not reduce the duration of diarrhoea.", Way.SAME),
        ("Zinc reduced the duration of diarrhoea, but this was not significant.", Way.SAME),
        ("Vomiting was more frequent, but the duration of diarrhoea was shorter with zinc.", Way.LESS),
        ("There was a greater reduction in the duration of diarrhoea with zinc.", Way.LESS),
        ("The duration of diarrhoea was 3.1 days in the zinc group and 4.2 days in the placebo group (p = 0.01).", Way.LESS),
        ("The duration of diarrhoea was shorter with zinc (p = 0.31).", Way.SAME),
        ("Vomiting was more frequent with zinc.", None),
    ],
)  # fmt: skip
def test_the_direction_of_a_sentence_is_read(sentence, way):
    assert way_of(sentence, **ON) is way


def _question(number, label="significantly decreased", valid=True, **more):
    note = {"label": label, "valid": valid, "evidence": "Zinc reduced the duration of diarrhoea by 18 hours"}
    about = {**ON, "pmcid": "PMC1", "annotations_v2": [note], **more}
    text = "What is the effect of zinc compared with placebo on duration of diarrhoea?"
    return {"_id": str(number), "text": text, "metadata": about}


def _folder(path, *rows):
    (path / "queries.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


def test_only_questions_on_which_annotators_agree_are_asked(tmp_path):
    two = [
        {"label": label, "valid": True, "evidence": "x"} for label in ("significantly increased", "no significant difference")
    ]  # fmt: skip
    folder = _folder(tmp_path, _question(1), _question(2, annotations_v2=two), _question(3, valid=False))
    assert [item.id for item in effects.effects(folder)] == ["1"]


def test_what_is_no_question_is_told_with_its_line(tmp_path):
    with pytest.raises(MalformedCollection, match="line 2"):
        list(effects.effects(_folder(tmp_path, _question(1), {"_id": "2", "text": "x"})))


def test_a_bullet_that_states_the_annotated_direction_is_told_from_one_that_does_not(world, tmp_path):
    work = {**ZINC, "source": {**ZINC["source"], "pmcid": "PMC1"}}
    there = over(world, [work])
    rows = [_question(1), _question(2, label="significantly increased", valid=True)]
    rows[1]["metadata"]["annotations_v2"][0]["evidence"] = "otherwise"
    verdicts = [
        effects.told(item, lambda question: outcome_of(question, there)).verdict
        for item in effects.effects(_folder(tmp_path, *rows))
    ]
    assert verdicts == [effects.AGREES, effects.OPPOSITE]


def test_a_trial_that_is_not_in_the_library_is_quoted_nowhere(world, tmp_path):
    (item,) = effects.effects(_folder(tmp_path, _question(1)))
    told = effects.told(item, lambda question: outcome_of(question, over(world, [ZINC])))
    assert told.verdict == effects.NO_BULLET


def test_the_command_reports_how_often(world, tmp_path, monkeypatch):
    work = {**ZINC, "source": {**ZINC["source"], "pmcid": "PMC1"}}
    monkeypatch.setattr(evaluate_effects, "open_world", lambda _: over(world, [work]))
    result = CliRunner().invoke(
        app, ["evaluate", "effects", str(_folder(tmp_path, _question(1))), "--split", "all", "--details"]
    )
    assert result.exit_code == 0
    assert "states it" in result.output
    assert '"verdict": "states it"' in result.output
