"""Whatever a board does to an article, in whatever order: it stays sound, or the edit is refused."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilium.adapters.contract.check import check
from consilium.adapters.contract.revision import revise
from consilium.domain.question import Audience
from consilium.errors import EditRefused
from consilium.pipeline.revising import places, statements, wordings
from consilium.pipeline.revising.compare import Fate, compare, spans

QUESTIONS = (
    "Initial treatment of depression?",
    "Which anticoagulant for atrial fibrillation?",
    "How is croup treated?",
    "Could this be cauda equina syndrome?",
    "At what eGFR is metformin unsafe?",
)
FEW = settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = st.one_of(
    st.sampled_from(
        ["", "In practice: ", "Note, for adults: ", "Never: ", "5 ", "Ibuprofen: ", "<b>", "Consider: "]
    ),
    st.text(max_size=12),
)
AUDIENCES = st.sampled_from(list(Audience))
PLACE = st.integers(-2, 9)
WHICH = st.integers(0, 40)
PART = st.sampled_from(["act_now", "in_short"])
EDITS = st.one_of(
    st.tuples(st.just("remove"), WHICH),
    st.tuples(st.just("reword"), WHICH, WORDS),
    st.tuples(st.just("word"), WHICH, AUDIENCES, WORDS),
    st.tuples(st.just("move"), WHICH, st.sampled_from(["guidelines", "research"]), PLACE),
    st.tuples(st.just("lead"), WHICH),
    st.tuples(st.just("show"), WHICH, PART, PLACE),
    st.tuples(st.just("hide"), WHICH, PART),
    st.tuples(st.just("add"), st.integers(0, 100_000)),
    st.tuples(st.just("leave_out"), st.lists(WORDS, max_size=3)),
)


class Board:
    """Articles to edit, and what edits need; with a short name, so that a failure can be read."""

    def __init__(self, articles, world):
        self.articles, self.world = articles, world
        self.held = [s.id for work in world.library.sources() for s in world.library.sentences(work.id)]


@pytest.fixture(scope="module")
def board(answered, world):
    made = []
    for question in QUESTIONS:
        answers = {a.value: answered(question, a.value) for a in Audience}
        assert answers["patient"]["kind"] == "article"
        made.append((answers["patient"], {name: a["rendering"] for name, a in answers.items()}))
    return Board(made, world)


def _edit(edit, document, held, world):
    """An edit as drawn, as a function over a manuscript."""
    kind, *rest = edit
    names = list(document["content"]["claims"])
    lexicon = world.lexicon
    if kind == "leave_out":
        return lambda m: statements.leave_out(m, rest[0], lexicon)
    if kind == "add":
        return lambda m: statements.add(m, held[rest[0] % len(held)], world.library, lexicon)
    name, *rest = names[rest[0] % len(names)], *rest[1:]
    text = document["content"]["claims"][name]["text"]
    return {
        "remove": lambda m: statements.remove(m, name, lexicon),
        "reword": lambda m: statements.reword(m, name, rest[0] + text, lexicon),
        "word": lambda m: wordings.word(m, name, rest[0], rest[1] + text, lexicon),
        "move": lambda m: places.move(m, name, *rest, lexicon),
        "lead": lambda m: places.lead(m, name, lexicon),
        "show": lambda m: places.show(m, name, *rest, lexicon),
        "hide": lambda m: places.hide(m, name, *rest, lexicon),
    }[kind]


def _tried(document, renderings, edit, world):
    """What an edit made, or why it was refused."""
    try:
        return revise(document, renderings, edit, world.library, world.lexicon), ""
    except EditRefused as refusal:
        return None, str(refusal)


def _sound(document, renderings, world):
    assert set(renderings) == {a.value for a in Audience}
    for body in renderings.values():
        assert check({**document, "rendering": body}, world.lexicon) == []


@FEW
@given(start=st.integers(0, len(QUESTIONS) - 1), edits=st.lists(EDITS, min_size=3, max_size=8))
def test_after_any_edits_every_invariant_holds_or_the_edit_was_refused_and_nothing_changed(
    start, edits, board
):
    document, renderings = copy.deepcopy(board.articles[start])
    for edit in edits:
        before = json.dumps([document, renderings])
        made, refused = _tried(
            document, renderings, _edit(edit, document, board.held, board.world), board.world
        )
        assert json.dumps([document, renderings]) == before
        if made is None:
            assert refused.endswith(".")
            assert "would break" not in refused
            continue
        _untouched_claims_are_as_they_were(document, made.document, renderings, made.renderings, edit)
        _the_difference_tells_it_all(document, made.document)
        document, renderings = made.document, made.renderings
    _sound(document, renderings, board.world)


def _untouched_claims_are_as_they_were(old, new, were, are, edit):
    lost = set(old["content"]["claims"]) - set(new["content"]["claims"])
    if edit[0] not in {"remove", "reword"}:
        assert lost == set()
    if edit[0] == "reword":
        assert len(lost) <= 1
    if edit[0] == "word":
        assert new["content"] == old["content"]
        return
    for name in set(old["content"]["claims"]) & set(new["content"]["claims"]):
        one, two = old["content"]["claims"][name], new["content"]["claims"][name]
        assert {**one, "pairs_with": 0, "citations": 0} == {**two, "pairs_with": 0, "citations": 0}
        for audience in were:
            assert were[audience]["claims"][name] == are[audience]["claims"][name]


def _the_difference_tells_it_all(old, new):
    assert compare(new, new) == ()
    found = compare(old, new)
    assert bool(found) == (old["content"] != new["content"] or old["rendering"] != new["rendering"])
    before, after = set(old["content"]["claims"]), set(new["content"]["claims"])
    assert {d.was for d in found if d.was and not d.now} | {
        d.was for d in found if d.was and d.now and d.was != d.now
    } == before - after
    assert {d.now for d in found if d.now and not d.was} | {
        d.now for d in found if d.was and d.now and d.was != d.now
    } == after - before


@settings(max_examples=200, derandomize=True, deadline=None)
@given(old=st.text(max_size=60), new=st.text(max_size=60))
def test_the_spans_of_two_texts_hold_both_whole(old, new):
    made = spans(old, new)
    assert "".join(span.text for span in made if span.fate is not Fate.NEW) == old
    assert "".join(span.text for span in made if span.fate is not Fate.GONE) == new
