"""`consilium evaluate checks`: what is made false, what is said otherwise, and how both are counted."""

from __future__ import annotations

import json
import sys

import pytest
from tests.collection import lines

from consilium.adapters import starter
from consilium.adapters.sources.records import sentences_of, source_of
from consilium.cli import main
from consilium.domain.evidence import StatementKind
from consilium.errors import MalformedCollection
from consilium.evaluation import checks as measuring
from consilium.evaluation.mutations import KINDS, chance_of, mutants
from consilium.evaluation.paraphrasing import by_hand, paraphrases
from consilium.lexicon import concepts
from consilium.pipeline.checks.faults import CitedWords

LEXICON = concepts.load()
SAID = "In adults with croup, do not give apixaban 5 mg twice daily unless pain rose; consider it in women if the knee hurts."
ABSTRACTS = [("1", ["Apixaban 5 mg lowered stroke in adults.", "Bleeding was not measured."])]
CLAIMS = [
    {"_id": "c1", "claim": "Apixaban 5 mg lowered stroke in adults.", "split": "train", "cited": [1],
     "evidence": [{"doc": "1", "label": "SUPPORT", "sentences": [0]}]},
    {"_id": "c2", "claim": "Rivaroxaban lowered stroke in adults.", "split": "test", "cited": [1],
     "evidence": [{"doc": "1", "label": "SUPPORT", "sentences": [0]}]},
    {"_id": "c3", "claim": "Apixaban raised stroke.", "split": "test", "cited": [1],
     "evidence": [{"doc": "1", "label": "CONTRADICT", "sentences": [0]}]},
]  # fmt: skip
ANSWER = {
    "Question": "What helps?", "Free_form_answer": "Rest helps the knee. Do not run for 2 days.",
    "Must_have": ["Rest helps the knee"], "Nice_to_have": ["Do not run for 2 days"],
}  # fmt: skip


def ends_of(text):
    return [n + 1 for n, sign in enumerate(text) if sign == "."]


def scifact(folder):
    folder.mkdir()
    (folder / "claims.jsonl").write_text(lines(CLAIMS))
    (folder / "corpus.jsonl").write_text(
        lines({"_id": name, "title": "Apixaban", "metadata": {"sentences": cut}} for name, cut in ABSTRACTS)
    )
    return folder


def answers(folder, item=ANSWER):
    folder.mkdir()
    (folder / "questions_w_answers.jsonl").write_text(lines([item]))
    return folder


def own():
    shipped = (
        (source_of(record), sentence) for record in starter.records() for sentence in sentences_of(record)
    )
    return [c for c in measuring.own(shipped) if c.id.startswith(("fda-codeine", "bernard", "acr-gout"))]


@pytest.fixture
def evaluate(monkeypatch, capsys):
    few = own()
    monkeypatch.setattr(measuring, "own", lambda _: few)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["consilium", "evaluate", "checks", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


def made(text, name="a"):
    return {mutant.kind: mutant.text for mutant in mutants(text, LEXICON, chance_of(0, name))}


def test_a_claim_is_made_false_in_every_way_that_its_words_allow():
    assert set(made(SAID)) == set(KINDS) - {
        "comparator",
        "certainty raised",
        "association made cause",
        "anatomy swapped",
    }


def test_every_mutant_differs_from_its_claim():
    assert [text for text in made(SAID).values() if text == SAID] == []


def test_the_same_seed_makes_the_same_mutants():
    assert made(SAID) == made(SAID)
    assert any(made(SAID) != made(SAID, name) for name in "bcdef")


@pytest.mark.parametrize(
    "said,kind,text",
    [
        ("Aspirin lowered stroke today.", "direction", "Aspirin raised stroke today."),
        ("Do not give codeine to children.", "negation removed", "Do give codeine to children."),
        ("Pain was associated with later stroke.", "association made cause", "Pain causes later stroke."),
        ("Wait more than 5 days then.", "comparator", "Wait less than 5 days then."),
        ("Colchicine may be used for gout.", "strength raised", "Colchicine should be used for gout."),
    ],
)
def test_each_change_is_of_its_kind(said, kind, text):
    assert made(said)[kind] == text


def test_a_swapped_drug_is_of_the_same_class_and_not_in_the_text():
    text = made("Apixaban lowered stroke in adults.")["drug swapped"]
    assert "pixaban" not in text
    assert "xaban" in text or "tran" in text


@pytest.mark.parametrize(
    "said,kind,text",
    [
        ("Give 5 mg for 3 days.", "unit spelt out", "Give 5 milligrams for 3 days."),
        ("Give 5 mg for 3 days.", "number in words", "Give 5 mg for three days."),
        ("Treat for 5-10 days.", "interval in words", "Treat for 5 to 10 days."),
        ("Wait at least 3 days.", "comparator", "Wait 3 days or more."),
        ("Aspirin lowered stroke.", "way", "Aspirin reduced stroke."),
        ("Do not give codeine to children.", "passive", "codeine to children should not be given."),
        (
            "In adults with croup, it lowered stay.",
            "order of clauses",
            "It lowered stay in adults with croup.",
        ),
        ("Apixaban lowered stroke.", "brand name", "Eliquis lowered stroke."),
    ],
)
def test_each_rule_says_the_same_otherwise(said, kind, text):
    assert text in [p.text for p in paraphrases(said, LEXICON) if p.kind == kind]


def test_what_is_caught_and_what_is_lost_is_counted():
    sure = measuring.Supported(
        "x", "Give 5 mg.", (CitedWords("Give 5 mg.", issues_advice=True),), StatementKind.WARNING
    )
    wrong = measuring.Supported(
        "y", "Give 6 mg.", (CitedWords("Give 5 mg.", issues_advice=True),), StatementKind.WARNING
    )
    tally = measuring.measure([sure, wrong], LEXICON, 0, reword=True)
    assert (tally.claims, tally.rejected, tally.reasons) == (2, 1, {"number_not_in_source": 1})
    assert tally.reworded == {"unit spelt out": 1, "passive": 1}
    assert tally.lost.total() == 0


def test_only_what_supports_a_claim_is_cited(tmp_path):
    found = list(measuring.collection(scifact(tmp_path / "s"), ends_of))
    assert [claim.id for claim in found] == ["c1", "c2"]
    assert found[0].cited == (CitedWords("Apixaban 5 mg lowered stroke in adults.", title="Apixaban"),)


def test_a_statement_of_a_physician_is_laid_beside_the_sentences_of_the_answer(tmp_path):
    found = list(measuring.collection(answers(tmp_path / "k"), ends_of))
    assert [claim.text for claim in found] == ["Rest helps the knee", "Do not run for 2 days"]
    assert found[0].cited[0] == CitedWords("Rest helps the knee.", "What helps?")


def test_a_folder_of_neither_form_is_refused_with_what_it_needs(tmp_path):
    with pytest.raises(MalformedCollection, match=r"neither `claims\.jsonl`"):
        measuring.collection(tmp_path, ends_of)


def test_a_broken_answer_is_told_with_its_line(tmp_path):
    with pytest.raises(MalformedCollection, match=r"line 1 is no answer: it needs `Question`"):
        list(measuring.collection(answers(tmp_path / "k", {"Question": "?"}), ends_of))


def test_both_halves_together_are_the_whole():
    every = own()
    halves = [measuring.of_half(every, half) for half in ("train", "test")]
    assert sorted(c.id for half in halves for c in half) == sorted(c.id for c in every)
    assert all(halves)


def test_the_figures_are_told_as_json(evaluate, tmp_path):
    code, out, _ = evaluate(scifact(tmp_path / "s"), "--split", "all", "--json")
    told = json.loads(out)["collections"]
    assert code == 0
    assert told["s"]["claims"] == 2
    assert told["s"]["reasons"] == {"drug_not_in_source": 1}
    assert told["s"]["made_false"]["unit"] == {"n": 1, "caught": 1.0}
    assert told[measuring.OWN]["in_other_words"]["by hand"]["rejected"] == 0


def test_the_table_says_that_the_checks_never_certify(evaluate):
    _, out, _ = evaluate("--split", "all", "--details")
    assert "they never certify" in " ".join(out.split()) or "never certify" in out
    assert "goal" in out


def test_what_was_rejected_wrongly_is_listed_with_the_reason(evaluate, tmp_path):
    _, out, _ = evaluate(scifact(tmp_path / "s"), "--split", "all", "--details")
    (told,) = [json.loads(line) for line in out.splitlines() if line.startswith('{"rejected": "as it is"')]
    assert told["faults"] == {"drug_not_in_source": "No cited sentence names “Rivaroxaban”."}


def test_a_half_that_there_is_not_is_refused(evaluate):
    code, _, err = evaluate("--split", "dev")
    assert code == 2
    assert "There is no half dev" in err


def test_the_paraphrases_by_hand_are_many():
    assert len(list(by_hand())) >= 150
