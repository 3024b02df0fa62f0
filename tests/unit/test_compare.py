"""The difference of two revisions, for a page."""

from __future__ import annotations

import copy

import pytest

from consilium.adapters.contract.revision import revise
from consilium.domain.question import Audience
from consilium.pipeline.revising import places, statements, wordings
from consilium.pipeline.revising.compare import DifferenceKind as K
from consilium.pipeline.revising.compare import Fate, Span, compare, spans

MAIN = "Initial treatment of depression?"


@pytest.fixture(scope="module")
def old(answered):
    return answered(MAIN, "patient")


@pytest.fixture
def after(old, world):
    """The article after an edit."""

    def edit(function, *args, **more):
        return revise(
            copy.deepcopy(old),
            {"patient": old["rendering"]},
            lambda m: function(m, *args, lexicon=world.lexicon, **more),
            world.library,
            world.lexicon,
        ).document

    return edit


def kinds(differences):
    return [d.kind for d in differences]


def ids(document, section):
    return next(
        [name for i in s["items"] for name in i["claims"]]
        for s in document["content"]["sections"]
        if s["id"] == section
    )


def alone(document):
    content = document["content"]
    partners = {p for c in content["claims"].values() for p in c["pairs_with"]}
    return next(
        n for n, c in content["claims"].items()
        if not c["pairs_with"] and n not in partners and n not in content["in_short"]
    )  # fmt: skip


def test_nothing_differs_from_itself(old, answered):
    assert compare(old, old) == ()
    refused = answered("How do I change a bicycle tyre?")
    assert compare(refused, refused) == ()


def test_a_removed_claim_and_its_reference_are_told_and_no_other_claim(old, after):
    name = alone(old)
    found = compare(old, after(statements.remove, name))
    assert [(d.kind, d.was) for d in found if d.was or d.now] == [(K.REMOVED, name)]
    assert found[0].spans == (Span(Fate.GONE, old["content"]["claims"][name]["text"]),)


def test_an_article_against_an_abstention_is_all_added(old, answered):
    refused = answered("How do I change a bicycle tyre?")
    assert kinds(compare(refused, old)).count(K.ADDED) == len(old["content"]["claims"])
    assert kinds(compare(old, refused)).count(K.REMOVED) == len(old["content"]["claims"])


def test_an_added_claim_is_told_with_its_reference(old, after, world):
    cited = {r["source"] for r in old["content"]["references"]}
    sentence = next(
        s for work in world.library.sources() if work.kind.value == "study" and work.id not in cited
        for s in world.library.sentences(work.id) if not s.pairs_with and not s.premises
    )  # fmt: skip
    found = compare(old, after(statements.add, sentence.id, library=world.library))
    assert kinds(found) == [K.ADDED, K.REFERENCE, K.SUMMARY]
    assert found[1].said == sentence.source


def test_a_reworded_claim_is_one_claim_with_its_words_marked(old, after):
    name = ids(old, "guidelines")[-1]
    text = old["content"]["claims"][name]["text"]
    found = compare(old, after(statements.reword, name, f"In practice: {text}"))
    assert kinds(found) == [K.REWORDED, K.MARKED]
    assert (found[0].was, found[0].now != name) == (name, True)
    assert found[0].spans == (Span(Fate.NEW, "In practice: "), Span(Fate.KEPT, text))
    assert found[1].said == "support: summarised → entailed; verifier: quotation → board"


def test_a_moved_claim_is_told_alone(old, after):
    name = ids(old, "guidelines")[-1]
    found = compare(old, after(places.move, name, "guidelines", 1))
    assert [(d.kind, d.was, d.said) for d in found if d.kind is K.MOVED] == [
        (K.MOVED, name, "to another place in the same part")
    ]


def test_a_claim_put_under_act_now_tells_from_where_to_where(old, after):
    name = ids(old, "guidelines")[-1]
    moved = [d for d in compare(old, after(places.show, name, "act_now", 0)) if d.kind is K.MOVED]
    assert [d.said for d in moved] == ["from guidelines to act now and guidelines"]


def test_another_lead_is_told_of_both(old, after):
    first, second = ids(old, "guidelines")[:2]
    found = {d.was: d.said for d in compare(old, after(places.lead, second)) if d.kind is K.MOVED}
    assert found[first].endswith("and guidelines") or found[first] == "from guidelines (lead) to guidelines"
    assert "(lead)" in found[second]


def test_another_wording_for_the_audience_is_told(old, after):
    name = old["content"]["in_short"][0]
    text = f"In plain words: {old['content']['claims'][name]['text']}"
    (found,) = compare(old, after(wordings.word, name, Audience.PATIENT, text))
    assert (found.kind, found.was, found.said) == (K.WORDING, name, "patient")


def test_gaps_are_compared_line_by_line(old, after):
    new = after(statements.leave_out, ["Nothing on babies was found."])
    found = [d for d in compare(old, new) if d.kind is K.GAP]
    assert Span(Fate.NEW, "Nothing on babies was found.") in [d.spans[0] for d in found]
    assert len(found) == 1 + len(old["content"]["gaps"])


def test_a_reference_with_another_status_is_told_and_its_number_is_not(old):
    new = copy.deepcopy(old)
    first = new["content"]["references"][0]
    was, first["status"], first["number"] = first["status"], "superseded", 9
    (found,) = compare(old, new)
    assert found.said == f"{first['source']}: status: {was} → superseded"


def test_words_are_marked_one_by_one():
    assert spans("Give one dose.", "Give two doses.") == (
        Span(Fate.KEPT, "Give "),
        Span(Fate.GONE, "one"),
        Span(Fate.NEW, "two"),
        Span(Fate.KEPT, " "),
        Span(Fate.GONE, "dose"),
        Span(Fate.NEW, "doses"),
        Span(Fate.KEPT, "."),
    )
