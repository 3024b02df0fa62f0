"""A replay file holds every stage, nothing of the asker, and says what changed."""

from __future__ import annotations

import copy
import datetime
import json
from dataclasses import replace

import pytest
from tests.embedding import FakeEmbedder

from consilium import __version__
from consilium.adapters.index.hybrid import Hybrid
from consilium.adapters.replay import file as replays
from consilium.adapters.replay.difference import differences, same_article
from consilium.adapters.replay.record import asked_json, asked_of, recordable, recorded
from consilium.adapters.vectors.embed import embed
from consilium.adapters.vectors.meaning import Meaning
from consilium.api import encoded, outcome_of
from consilium.domain.question import Audience, FollowUp, Intent, Question
from consilium.errors import MalformedReplay, QuestionError
from consilium.wiring import basis

QUESTION = "What helps in bronchiolitis?"


def record(world, question, follow_up=None):
    outcome = outcome_of(question, world, follow_up)
    asked = asked_json(question, follow_up)
    return recorded(outcome, asked, basis(world, __version__), world.lexicon, encoded(outcome, world))


@pytest.fixture(scope="module")
def made(world):
    return record(world, recordable(Question(QUESTION), world.lexicon))


@pytest.fixture(scope="module")
def meaningful(world, tmp_path_factory):
    """The same world, which also searches by meaning."""
    folder = tmp_path_factory.mktemp("vectors")
    embed(folder, world.library.everything(), FakeEmbedder())
    return replace(world, index=Hybrid(world.index.text, Meaning(folder, FakeEmbedder, world.library, 10**6)))


def _held(then):
    return dict(then["basis"]["sources"])


def test_it_holds_every_stage(made, world):
    assert made["asked"]["question"] == QUESTION
    assert made["basis"]["lexicon"] == world.lexicon.fingerprint
    assert made["basis"]["generations"] == world.library.generations()
    assert made["plan"]["understood"] == QUESTION
    assert [query["kinds"] for query in made["queries"]] == [["guideline", "regulatory"], ["study"]]
    assert [row["sentence"] for row in made["gates"]] == [row["sentence"] for row in made["found"]]
    assert {row["sentence"] for row in made["evidence"]} <= {row["sentence"] for row in made["found"]}
    assert [claim["id"] for claim in made["claims"]] == list(made["article"]["content"]["claims"])
    sentence = made["claims"][0]["sentences"][0]
    assert world.library.sentence(sentence["id"]).sha256 == sentence["sha256"]


def test_with_vectors_it_holds_their_generation_their_model_and_both_ranks(meaningful):
    made = record(meaningful, recordable(Question(QUESTION), meaningful.lexicon))
    assert made["basis"]["generations"]["vectors"] == meaningful.index.searched().vectors
    assert made["basis"]["vectors"]["model"] == "words"
    assert any(row["by_text"] for row in made["found"])
    assert any(row["by_meaning"] for row in made["found"])


def test_vectors_that_are_gone_are_what_differs_first(meaningful, world):
    question = recordable(Question(QUESTION), world.lexicon)
    then, now = record(meaningful, question), record(world, question)
    assert differences(then, now, _held(then))[0].stage == "vectors"


@pytest.mark.parametrize(
    "text",
    ["My father John Smith, born 12/03/1950, has croup: what helps?", "Mr Jones has croup, what helps?"],
)
def test_it_holds_no_person(world, text):
    written = json.dumps(record(world, recordable(Question(text), world.lexicon)))
    assert "croup" in written
    assert not [word for word in ("Smith", "Jones", "1950") if word in written]


def test_a_question_of_which_nothing_is_left_cannot_be_recorded(world):
    with pytest.raises(QuestionError):
        recordable(Question("john.smith@example.org"), world.lexicon)


def test_a_question_without_a_date_is_recorded_for_today(world):
    asked = recordable(Question(QUESTION), world.lexicon)
    assert asked.as_of == datetime.datetime.now(datetime.UTC).date()


def test_a_question_is_asked_again_as_it_was_kept_without_the_words_of_the_one_that_it_follows():
    question = Question("and in pregnancy?", Audience.PATIENT, "UK", datetime.date(2026, 1, 2))
    follow_up = FollowUp("sha256:1", "What of John Smith?", ("croup",), ("child",), (), Intent.TREATMENT)
    kept = json.loads(json.dumps(asked_json(question, follow_up)))
    again, followed = asked_of(kept)
    assert again == question
    assert followed == FollowUp("sha256:1", "", ("croup",), ("child",), (), Intent.TREATMENT)


def test_the_same_answer_differs_nowhere(made, world):
    now = record(world, recordable(Question(QUESTION), world.lexicon))
    assert differences(made, now, _held(made)) == ()
    assert same_article(made, now)


def _changes():
    def at(*path, to):
        def change(record):
            *way, last = path
            for step in way:
                record = record[step]
            record[last] = to(record[last]) if callable(to) else to

        return change

    return [
        ("version", "Consilium 0.0.1 → ", at("basis", "consilium", to="0.0.1")),
        ("settings", "emergency number 112 → none", at("basis", "settings", "emergency_number", to="112")),
        ("lexicon", "the lexicon is another one: abc → ", at("basis", "lexicon", to="abc")),
        ("rules", "the rule tables are others: abc → ", at("basis", "rules", to="abc")),
        ("library", "generation of starter 7 → ", at("basis", "generations", "starter", to=7)),
        ("library", "changed: aap-bronchiolitis-2014 (version 9 → 1)",
         at("basis", "sources", "aap-bronchiolitis-2014", to=9)),
        ("vectors", "generation of the vectors 3 → none", at("basis", "generations", "vectors", to=3)),
        ("plan", "intents treatment, harm → treatment", at("plan", "intents", to=["treatment", "harm"])),
        ("plan", "now reads “bronchiolitis” as bronchiolitis", at("plan", "terms", to=[])),
        ("queries", "the query for guideline/regulatory has other: limit", at("queries", 0, "limit", to=1)),
        ("ranks", "other rank: ", at("found", 0, "rank", to=5)),
        ("ranks", "newly found: ", at("found", to=lambda rows: rows[1:])),
        ("ranks", "other score: ", at("found", 0, "score", to=0.5)),
        ("ranks", "reads otherwise: ", at("found", 0, "sha256", to="sha256:0")),
        ("gates", "aap-bronchiolitis-2014#1: stopped by topic (off) → ",
         at("gates", 0, to=lambda row: {**row, "places": [], "stopped_by": "topic", "why": "off"})),
        ("gates", "other measures, the same fate: ", at("gates", 0, "rulings", 0, "measured", to=[])),
        ("evidence", "weighs otherwise: ", at("evidence", 0, "score", to=0.1)),
        ("evidence", "newly admitted: ", at("evidence", to=lambda rows: rows[1:])),
        ("claims", "sentence added: ", at("claims", to=lambda rows: rows[1:])),
        ("claims", "sentence reworded: ", at("claims", 0, "sentences", 0, "sha256", to="sha256:0")),
        ("claims", "lead → ", at("claims", 0, "places", to=["lead"])),
        ("claims", "the claims are in another order", at("claims", to=lambda rows: rows[::-1])),
        ("article", "other content under: gaps", at("article", "content", "gaps", to=["A gap."])),
        ("article", "the notice of an emergency is another one",
         at("article", "run", "urgent_notice", to="Call.")),
        ("article", "the wording for its reader is another one", at("article", "rendering", "id", to="x")),
    ]  # fmt: skip


@pytest.mark.parametrize("stage,said,change", _changes(), ids=lambda value: str(value)[:40])
def test_what_changed_is_said_of_the_stage_that_it_changed(made, stage, said, change):
    then = copy.deepcopy(made)
    change(then)
    found = differences(then, made, _held(made))
    assert found[0].stage == stage
    assert any(said in line for line in found[0].said), found[0].said


def test_a_source_that_is_gone_is_named(made):
    found = differences(made, made, {**_held(made), "aap-bronchiolitis-2014": None})
    assert found[0] == ("library", ("gone: aap-bronchiolitis-2014",))


def test_other_words_of_the_article_are_another_article(made):
    for change in (
        {"id": "sha256:0"},
        {"rendering": None},
        {"run": {**made["article"]["run"], "urgent_notice": "!"}},
    ):
        assert not same_article(made, {**made, "article": {**made["article"], **change}})


def test_other_times_and_counts_are_no_other_article(made):
    run = {**made["article"]["run"], "created": "1999-01-01T00:00:00Z", "retrieved": 1}
    assert same_article(made, {**made, "article": {**made["article"], "run": run}})


def test_a_file_is_read_as_it_was_written(made, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(replays.text_of(made), "utf-8")
    assert replays.read(path) == made


@pytest.mark.parametrize(
    "spoil,told",
    [
        (lambda text: text[: len(text) // 2], "cannot be read as a replay file"),
        (lambda text: "", "cannot be read as a replay file"),
        (lambda text: "[" * 100_000, "cannot be read as a replay file"),
        (lambda text: "[]", "is no replay file"),
        (lambda text: '{"schema": "consilium/article/1"}', "is no replay file"),
        (lambda text: text.replace("replay/1", "replay/2"), "is of the format consilium/replay/2"),
        (lambda text: text.replace("bronchiolitis", "croup"), "is not as it was written"),
        (lambda text: text.replace('"plan"', '"plans"', 1), "is not as it was written"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_refused_with_a_reason(made, tmp_path, spoil, told):
    path = tmp_path / "a.json"
    path.write_text(spoil(replays.text_of(made)), "utf-8")
    with pytest.raises(MalformedReplay, match=told):
        replays.read(path)


@pytest.mark.parametrize(
    "part,to",
    [
        ("asked", {}),
        ("asked", None),
        ("asked", {"question": "x", "audience": "nobody", "country": None, "as_of": "2026-01-01"}),
        ("article", {"id": "sha256:0", "content": {}}),
        ("article", None),
    ],
)
def test_a_forged_file_whose_digest_fits_is_refused_too(made, tmp_path, part, to):
    path = tmp_path / "a.json"
    path.write_text(replays.text_of({**made, part: to}), "utf-8")
    with pytest.raises(MalformedReplay):
        replays.read(path)
