"""What a board may do to an article, what it may not, and what follows by itself."""

from __future__ import annotations

import copy
import json

import pytest

from consilium.adapters.contract.check import check
from consilium.adapters.contract.codec import article_json, rendering_json
from consilium.adapters.contract.decode import article_of, rendering_of
from consilium.adapters.contract.revision import revise
from consilium.domain.question import Audience
from consilium.errors import EditRefused
from consilium.evaluation.coverage import topics
from consilium.pipeline.revising import places, statements, wordings
from consilium.pipeline.tailor import YOUR_TEAM

KNOWN = [topic.text for topic in topics()]
MAIN = "Initial treatment of depression?"
DISAGREED = "Which anticoagulant for atrial fibrillation?"


@pytest.fixture(scope="module")
def asked(answered):
    """A question's answer with its wordings for every audience, made once."""
    made: dict[str, tuple] = {}

    def ask(question):
        if question not in made:
            by_audience = {a.value: answered(question, a.value) for a in Audience}
            renderings = {name: answer["rendering"] for name, answer in by_audience.items()}
            made[question] = (by_audience["clinician"], renderings)
        return copy.deepcopy(made[question])

    return ask


@pytest.fixture
def edited(asked, world):
    """Edit the answer to a question; it stays sound for every audience, and what was given is as it was."""

    def held(name):
        found = world.library.sentence(name)
        return found.text if found else None

    def edit(function, *args, question=MAIN, given=None, **more):
        document, renderings = given or asked(question)
        before = json.dumps([document, renderings])
        revision = revise(
            document,
            renderings,
            lambda m: function(m, *args, lexicon=world.lexicon, **more),
            world.library,
            world.lexicon,
        )
        assert json.dumps([document, renderings]) == before
        for body in revision.renderings.values():
            assert check({**revision.document, "rendering": body}, world.lexicon, held) == []
        return revision

    return edit


def claims(document):
    return document["content"]["claims"]


def sections(document):
    return {
        s["id"]: [name for item in s["items"] for name in item["claims"]]
        for s in document["content"]["sections"]
    }


def roles(document):
    return {
        name: item["role"]
        for s in document["content"]["sections"]
        for item in s["items"]
        for name in item["claims"]
    }


def some(asked, fits):
    """The first known question whose article has a claim that fits, with the article and the claim's id."""
    for question in KNOWN:
        document, _ = asked(question)
        if document["kind"] == "article":
            for name in claims(document):
                if fits(document, name):
                    return question, document, name
    raise AssertionError


def is_alone(document, name):
    """Whether a claim pairs with nothing and does not stand in short."""
    partners = {p for c in claims(document).values() for p in c["pairs_with"]}
    return (
        not claims(document)[name]["pairs_with"]
        and name not in partners
        and name not in document["content"]["in_short"]
    )


def own_sentence(claim):
    return claim["citations"][0]["sentences"][0]


def find(document, **wanted):
    return next(
        name for name, c in claims(document).items() if all(c[key] == value for key, value in wanted.items())
    )


@pytest.mark.parametrize("question", KNOWN[::12])
def test_an_article_is_read_back_as_it_was_written(question, asked, world):
    document, renderings = asked(question)
    if document["kind"] == "article":
        assert article_json(article_of(document["content"], world.library.version)) == document["content"]
        for body in renderings.values():
            assert rendering_json(rendering_of(body)) == body


def test_an_article_is_read_back_even_where_the_library_no_longer_holds_its_sources(asked):
    document, _ = asked(MAIN)
    assert article_json(article_of(document["content"], lambda *_: None)) == document["content"]


def test_an_edit_that_changes_nothing_changes_nothing(edited, asked):
    document, renderings = asked(MAIN)
    name = next(iter(claims(document)))
    same = edited(statements.reword, name, claims(document)[name]["text"])
    assert same.document == document
    assert same.renderings == renderings


def test_a_removed_statement_is_gone_with_what_nobody_cites_any_more(edited, asked):
    def fits(document, name):
        numbers = [x["reference"] for c in claims(document).values() for x in c["citations"]]
        mine = claims(document)[name]["citations"]
        return is_alone(document, name) and len(mine) == 1 and numbers.count(mine[0]["reference"]) == 1

    question, document, name = some(asked, fits)
    source = own_sentence(claims(document)[name])["id"].split("#")[0]
    made = edited(statements.remove, name, question=question).document
    assert name not in claims(made)
    assert source not in {r["source"] for r in made["content"]["references"]}
    assert made["id"] != document["id"]
    counted = made["content"]["assessment"]
    assert counted["guidelines"] + counted["studies"] == len(made["content"]["references"])


def _paired(asked):
    def fits(document, name):
        claim = claims(document)[name]
        kept = set(document["content"]["in_short"]) - {name, *claim["pairs_with"]}
        return claim["pairs_with"] and kept and own_sentence(claim)["origin"] == "summary"

    return some(asked, fits)


def test_what_is_paired_goes_too_and_is_told(edited, asked):
    question, document, name = _paired(asked)
    revision = edited(statements.remove, name, question=question)
    gone = set(claims(document)) - set(claims(revision.document))
    assert gone >= {name, *claims(document)[name]["pairs_with"]}
    assert len(revision.told) == len(gone) - 1
    assert all("must not stand without" in said for said in revision.told)


def test_untouched_claims_keep_their_ids_and_their_wordings(edited, asked):
    question, document, other = some(asked, is_alone)
    renderings, name = asked(question)[1], document["content"]["in_short"][0]
    text = claims(document)[name]["text"] + " (see the text)"
    marked = edited(wordings.word, name, Audience.STUDENT, text, question=question)
    made = edited(statements.remove, other, given=(marked.document, marked.renderings))
    assert name in claims(made.document)
    assert made.renderings["student"]["claims"][name]["text"].endswith("(see the text)")
    assert made.renderings["patient"]["claims"][name] == renderings["patient"]["claims"][name]


def test_an_editor_is_told_that_nothing_leads_any_more(edited, asked):
    told = edited(statements.remove, sections(asked(MAIN)[0])["guidelines"][0]).told
    assert told[-1] == "Nothing leads the guidelines now. Let another recommendation lead, if one should."


def test_the_last_statement_in_short_is_not_removed(edited, asked):
    document, renderings = asked(MAIN)
    given = document, renderings
    for name in document["content"]["in_short"][1:]:
        revision = edited(places.hide, name, "in_short", given=given)
        given = revision.document, revision.renderings
    with pytest.raises(EditRefused, match="Put another statement in short first"):
        edited(statements.remove, document["content"]["in_short"][0], given=given)


def test_a_statement_that_is_not_there_is_refused(edited):
    with pytest.raises(EditRefused, match="Load it again"):
        edited(statements.remove, "c-000000000000")


def test_an_abstention_is_not_edited(answered, edited):
    refused = answered("How do I change a bicycle tyre?")
    with pytest.raises(EditRefused, match="Ask the question anew"):
        edited(statements.remove, "c-000000000000", given=(refused, {}))


def test_a_reworded_statement_says_who_judged_it_and_cites_what_it_cited(edited, asked):
    document, _ = asked(MAIN)
    name = find(document, kind="recommendation")
    old = claims(document)[name]
    made = edited(statements.reword, name, f"In practice: {old['text']}").document
    (new,) = set(claims(made)) - set(claims(document))
    assert claims(made)[new]["support"] == "entailed"
    assert claims(made)[new]["verifier"] == "board"
    assert claims(made)[new]["citations"] == old["citations"]
    assert claims(made)[new]["kind"] == "recommendation"
    assert roles(made)[new] == roles(document)[name]


def test_a_reworded_statement_is_tailored_anew_for_every_audience(edited, asked):
    document, _ = asked(MAIN)
    name = find(document, kind="recommendation")
    text = f"In practice: {claims(document)[name]['text']}"
    revision = edited(statements.reword, name, text)
    (new,) = set(claims(revision.document)) - set(claims(document))
    assert revision.renderings["clinician"]["claims"][new]["text"] == text
    assert revision.renderings["patient"]["claims"][new]["text"] == YOUR_TEAM + text


def test_a_reworded_partner_is_still_a_partner(edited, asked):
    question, document, name = _paired(asked)
    made = edited(
        statements.reword, name, f"Note: {claims(document)[name]['text']}", question=question
    ).document
    (new,) = set(claims(made)) - set(claims(document))
    for partner in claims(document)[name]["pairs_with"]:
        assert (new in claims(made)[partner]["pairs_with"]) == (
            name in claims(document)[partner]["pairs_with"]
        )


def test_the_sentences_own_words_restore_a_statement(edited, asked):
    document, renderings = asked(MAIN)
    name = find(document, kind="recommendation")
    text = claims(document)[name]["text"]
    changed = edited(statements.reword, name, f"In practice: {text}")
    (new,) = set(claims(changed.document)) - set(claims(document))
    back = edited(statements.reword, new, text, given=(changed.document, changed.renderings))
    assert back.document == document
    assert back.renderings == renderings


SAID = "Adults: offer paracetamol 500 mg for at most 3 days unless the liver fails; do not raise the dose."


@pytest.mark.parametrize(
    "worded,fault",
    [
        (SAID.replace("500", "600"), "other numbers"),
        (SAID.replace("500 mg", "500 g"), "other units"),
        (SAID.replace("500 mg", "500 mg once"), "another amount (with “once”)"),
        (SAID.replace("do not raise", "raise"), "a negation lost or added"),
        (SAID.replace("paracetamol", "ibuprofen"), "other drugs"),
        (SAID.replace("raise", "lower"), "another direction (without “raise”; with “lower”)"),
        (SAID.replace("at most", "at least"), "another direction"),
        (SAID.replace("offer", "consider"), "firm advice lost or added (without “offer”)"),
        (SAID.replace("offer", "consider"), "soft advice lost or added (with “consider”)"),
        (SAID + " It may help.", "soft advice lost or added"),
        (SAID + " This is safe.", "certainty lost or added (with “safe”)"),
        (SAID.replace(" unless the liver fails", ""), "condition lost or added"),
        (SAID.replace("Adults", "Children"), "other people"),
    ],
)
def test_words_that_say_other_than_the_sentence_are_told_apart(worded, fault, world):
    from consilium.pipeline.fidelity import departures

    assert any(found.startswith(fault) for found in departures(SAID, worded, world.lexicon))


@pytest.mark.parametrize(
    "worded",
    [
        SAID,
        "Do not raise the dose. For adults, offer 500 mg paracetamol, at most 3 days, unless the liver fails.",
        SAID.replace("3 days", "3 d").replace("500 mg", "500 milligrams"),
        SAID.replace("at most", "up to"),
    ],
)
def test_the_same_in_other_words_passes(worded, world):
    from consilium.pipeline.fidelity import departures

    assert list(departures(SAID, worded, world.lexicon)) == []


def test_a_statement_is_not_reworded_into_another(edited, asked):
    document, _ = asked(MAIN)
    name = find(document, kind="recommendation")
    with pytest.raises(EditRefused, match="other numbers, other drugs"):
        edited(statements.reword, name, f"{claims(document)[name]['text']} Give ibuprofen 999 mg.")


def test_an_inference_is_not_reworded(edited, asked):
    question, document, name = some(asked, lambda d, n: claims(d)[n]["support"] == "inferred")
    with pytest.raises(EditRefused, match="own inference"):
        edited(statements.reword, name, "Note: " + claims(document)[name]["text"], question=question)


@pytest.mark.parametrize(
    "text,said",
    [
        ("  ", "no words"),
        ("x" * 1201, "at most 1,200"),
        ("<b>It helps.</b>", "plain text"),
        ("See https://example.org", "plain text"),
        ("It \u202ehelps.", "plain text"),
    ],
)
def test_what_a_page_cannot_show_is_refused(text, said, edited, asked):
    name = next(iter(claims(asked(MAIN)[0])))
    for edit in (
        lambda: edited(statements.reword, name, text),
        lambda: edited(wordings.word, name, Audience.PATIENT, text),
        lambda: edited(statements.leave_out, [text]),
    ):
        with pytest.raises(EditRefused, match=said):
            edit()


def test_a_wording_for_one_audience_changes_that_one_and_no_claim(edited, asked):
    document, renderings = asked(MAIN)
    name = document["content"]["in_short"][0]
    text = f"In plain words: {claims(document)[name]['text']}"
    revision = edited(wordings.word, name, Audience.PATIENT, text)
    assert revision.document["content"] == document["content"]
    assert revision.renderings["patient"]["claims"][name]["text"] == text
    assert (
        revision.renderings["patient"]["claims"][name]["glosses"]
        == renderings["patient"]["claims"][name]["glosses"]
    )
    assert revision.renderings["patient"]["id"] != renderings["patient"]["id"]
    assert revision.renderings["student"] == renderings["student"]


@pytest.mark.parametrize("more", [" Take 7.", " Never.", " Take ibuprofen.", " Take it twice."])
def test_a_wording_with_other_numbers_negations_or_drugs_is_refused(more, edited, asked):
    document, _ = asked(MAIN)
    name = document["content"]["in_short"][0]
    with pytest.raises(EditRefused, match="stay the same for every reader"):
        edited(wordings.word, name, Audience.PATIENT, claims(document)[name]["text"] + more)


def test_an_audience_that_is_not_worded_for_is_refused(edited, asked):
    document, renderings = asked(MAIN)
    name = document["content"]["in_short"][0]
    with pytest.raises(EditRefused, match="not worded for patients"):
        edited(
            wordings.word, name, Audience.PATIENT, claims(document)[name]["text"],
            given=(document, {"student": renderings["student"]}),
        )  # fmt: skip


def test_a_statement_moves_within_its_section(edited, asked):
    document, _ = asked(MAIN)
    name = sections(document)["guidelines"][-1]
    made = edited(places.move, name, "guidelines", 1).document
    assert sections(made)["guidelines"][1] == name
    assert set(claims(made)) == set(claims(document))


def test_nothing_is_put_before_the_lead_and_the_lead_stays_first(edited, asked):
    document, _ = asked(MAIN)
    listed = sections(document)["guidelines"]
    with pytest.raises(EditRefused, match="Let this statement lead instead"):
        edited(places.move, listed[-1], "guidelines", 0)
    with pytest.raises(EditRefused, match="Let another one lead"):
        edited(places.move, listed[0], "guidelines", 3)


def test_advice_stays_among_the_guidelines_and_studies_in_research(edited, asked):
    document, _ = asked(MAIN)
    advice = [n for n, r in roles(document).items() if r == "key_point"
              and claims(document)[n]["kind"] == "recommendation"]  # fmt: skip
    with pytest.raises(EditRefused, match="cannot stand in research"):
        edited(places.move, advice[0], "research", 0)
    with pytest.raises(EditRefused, match="cannot stand among the guidelines"):
        edited(places.move, sections(document)["research"][0], "guidelines", 1)
    with pytest.raises(EditRefused, match="choose guidelines or research"):
        edited(places.move, advice[0], "act_now", 0)


def test_another_recommendation_can_lead(edited, asked):
    document, _ = asked(MAIN)
    first = sections(document)["guidelines"][0]
    name = next(n for n, r in roles(document).items() if r == "key_point"
                and claims(document)[n]["kind"] == "recommendation")  # fmt: skip
    made = edited(places.lead, name).document
    assert sections(made)["guidelines"][:2] == [name, first]
    assert (roles(made)[name], roles(made)[first]) == ("lead", "key_point")


def test_a_finding_does_not_lead(edited, asked):
    with pytest.raises(EditRefused, match="Only a recommendation"):
        edited(places.lead, sections(asked(MAIN)[0])["research"][0])


def test_what_is_superseded_neither_leads_nor_opens(edited, asked):
    document, renderings = asked(MAIN)
    name = next(n for n, r in roles(document).items() if r == "key_point"
                and claims(document)[n]["kind"] == "recommendation")  # fmt: skip
    number = claims(document)[name]["citations"][0]["reference"]
    document["content"]["references"][number - 1]["status"] = "superseded"
    for edit in (
        lambda: edited(places.lead, name, given=(document, renderings)),
        lambda: edited(places.show, name, "act_now", 0, given=(document, renderings)),
    ):
        with pytest.raises(EditRefused, match="which is superseded"):
            edit()


def test_a_statement_is_put_under_act_now_and_taken_out_again(edited, asked):
    document, _ = asked(MAIN)
    name = sections(document)["guidelines"][-1]
    there = edited(places.show, name, "act_now", 0)
    assert there.document["content"]["act_now"][0] == name
    back = edited(places.hide, name, "act_now", given=(there.document, there.renderings))
    assert back.document["content"] == document["content"]


def test_in_short_holds_three_at_most_and_one_at_least(edited, asked):
    document, renderings = asked(MAIN)
    given = document, renderings
    for name in (
        n for s in sections(document).values() for n in s if n not in document["content"]["in_short"]
    ):
        if len(given[0]["content"]["in_short"]) == 3:
            with pytest.raises(EditRefused, match="Take one of them out first"):
                edited(places.show, name, "in_short", 0, given=given)
            break
        revision = edited(places.show, name, "in_short", 9, given=given)
        given = revision.document, revision.renderings
    for name in given[0]["content"]["in_short"][:-1]:
        revision = edited(places.hide, name, "in_short", given=given)
        given = revision.document, revision.renderings
    with pytest.raises(EditRefused, match="Nothing would be left"):
        edited(places.hide, given[0]["content"]["in_short"][0], "in_short", given=given)


def test_what_does_not_stand_there_cannot_be_taken_out(edited, asked):
    name = sections(asked(MAIN)[0])["guidelines"][-1]
    with pytest.raises(EditRefused, match="does not stand under act now"):
        edited(places.hide, name, "act_now")


def _alone(world, article, *, kind="study", pairs=False):
    """A statement of the library that an article does not cite."""
    cited = {r["source"] for r in article["content"]["references"]}
    for source in world.library.sources():
        for sentence in world.library.sentences(source.id):
            fits = source.kind.value == kind and source.status.value == "current"
            if (
                fits
                and bool(sentence.pairs_with) is pairs
                and not sentence.premises
                and source.id not in cited
            ):
                return sentence
    raise AssertionError


@pytest.mark.parametrize("kind,section", [("study", "research"), ("guideline", "guidelines")])
def test_an_added_statement_stands_last_in_its_section_as_an_answer_would_show_it(
    kind, section, edited, asked, world
):
    document, _ = asked(MAIN)
    sentence = _alone(world, document, kind=kind)
    revision = edited(statements.add, sentence.id, library=world.library)
    (new,) = set(claims(revision.document)) - set(claims(document))
    assert sections(revision.document)[section][-1] == new
    assert claims(revision.document)[new]["support"] == "summarised"
    assert claims(revision.document)[new]["text"] == sentence.text
    assert claims(revision.document)[new]["frame"]
    assert set(revision.renderings["patient"]["claims"]) == set(claims(revision.document))


def test_what_pairs_with_an_added_statement_comes_too_and_is_told(edited, asked, world):
    document, _ = asked(MAIN)
    sentence = _alone(world, document, kind="guideline", pairs=True)
    revision = edited(statements.add, sentence.id, library=world.library)
    new = set(claims(revision.document)) - set(claims(document))
    assert len(new) == 1 + len(revision.told) > 1
    assert {own_sentence(claims(revision.document)[n])["id"] for n in new} >= {
        sentence.id,
        *sentence.pairs_with,
    }


def test_what_was_removed_can_be_added_again_under_the_same_id(edited, asked, world):
    question, document, name = some(asked, is_alone)
    gone = edited(statements.remove, name, question=question)
    back = edited(
        statements.add, own_sentence(claims(document)[name])["id"], library=world.library,
        given=(gone.document, gone.renderings),
    )  # fmt: skip
    assert claims(back.document)[name]["text"] == claims(document)[name]["text"]


def test_what_is_there_or_nowhere_is_not_added(edited, asked, world):
    here = own_sentence(next(iter(claims(asked(MAIN)[0]).values())))["id"]
    with pytest.raises(EditRefused, match="already"):
        edited(statements.add, here, library=world.library)
    with pytest.raises(EditRefused, match="holds no statement"):
        edited(statements.add, "nowhere#1", library=world.library)


def test_what_is_withdrawn_is_not_added(edited, world):
    gone = next(s for s in world.library.sources() if s.status.value == "withdrawn")
    with pytest.raises(EditRefused, match="which is withdrawn"):
        edited(statements.add, world.library.sentences(gone.id)[0].id, library=world.library)


def test_two_versions_of_one_source_are_never_cited_side_by_side(edited, asked, world):
    def others(document, name):
        cited = {s["id"] for c in claims(document).values() for x in c["citations"] for s in x["sentences"]}
        source = own_sentence(claims(document)[name])["id"].split("#")[0]
        return [s.id for s in world.library.sentences(source) if s.id not in cited and not s.premises]

    question, document, name = some(asked, others)
    number = claims(document)[name]["citations"][0]["reference"]
    document["content"]["references"][number - 1]["version"] = 0
    with pytest.raises(EditRefused, match="in version 0"):
        edited(
            statements.add, others(document, name)[0], library=world.library,
            given=(document, asked(question)[1]),
        )  # fmt: skip


def test_what_is_left_out_is_said_anew(edited):
    made = edited(statements.leave_out, ["Nothing on babies  was found.", "Nothing on babies was found."])
    assert made.document["content"]["gaps"] == ["Nothing on babies was found."]


def test_an_edit_is_not_covered_by_the_review_of_what_was_before(edited, asked):
    document, renderings = asked(MAIN)
    document["review"] = {"status": "approved", "reviewed_by": "A. Person", "reviewed_on": "2026-11-01",
                          "covers": [document["id"], *(r["id"] for r in renderings.values())], "why": None}  # fmt: skip
    made = edited(statements.leave_out, ["Nothing on babies was found."], given=(document, renderings))
    assert made.document["review"] is None
    assert made.document["run"] == document["run"]


def test_a_fault_that_was_there_can_be_put_right(edited, asked):
    document, renderings = asked(MAIN)
    document["content"]["gaps"] = ["See https://example.org"]
    assert edited(statements.leave_out, [], given=(document, renderings)).document["content"]["gaps"] == []


def test_a_fault_that_an_edit_brings_about_refuses_it(asked, world):
    from dataclasses import replace

    document, renderings = asked(MAIN)
    with pytest.raises(EditRefused, match="would break the article"):
        revise(
            document, renderings,
            lambda m: replace(m, article=replace(m.article, in_short=())), world.library, world.lexicon,
        )  # fmt: skip


def test_a_table_of_a_disagreement_goes_with_one_of_its_sides(edited, asked):
    document, _ = asked(DISAGREED)
    tables = document["content"]["disagreements"]
    side = tables[0]["positions"][0]["claim"]
    made = edited(statements.remove, side, question=DISAGREED).document
    left = made["content"]["disagreements"]
    assert len(left) < len(tables)
    assert all(len(table["positions"]) > 1 for table in left)
    assert made["content"]["assessment"]["agree"] is not bool(left)
