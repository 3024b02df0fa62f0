"""What must never happen, whatever a language model replies: valid drafts, and drafts gone wrong in many ways."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.editors import HONEST, Editor, always, near, written_by
from tests.poisoned import NAME, passage, with_passage

from consilium.adapters.contract.check import check
from consilium.api import encoded, outcome_of
from consilium.domain.article import Abstention, Support
from consilium.domain.question import Audience, Question
from consilium.errors import Cancelled, ModelError, ModelRefused, ModelTimeout
from consilium.pipeline.fidelity import numbers
from consilium.pipeline.writing import compile as compiling
from consilium.pipeline.writing import review, select, verdicts

QUESTIONS = (
    "How is an acute gout flare treated?",
    "Treatment of Bell's palsy?",
    "Is CT contrast safe in kidney disease?",
    "Does uncomplicated diverticulitis need antibiotics or admission?",
)
ADDED = "agree-2010#1"
FEW = settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
SOME = settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def _number(text):
    return text.replace("1", "7").replace("2", "9")


MUTATIONS = {
    "none": lambda row, names: row,
    "number": lambda row, names: {**row, "text": _number(row["text"]) + " In 4711 people."},
    "negation": lambda row, names: {**row, "text": "It is not so that " + row["text"]},
    "drug": lambda row, names: {**row, "text": row["text"].rstrip(".") + ", best with warfarin."},
    "link": lambda row, names: {**row, "text": row["text"] + " See https://evil.example."},
    "markup": lambda row, names: {**row, "text": f"<b>{row['text']}</b>"},
    "other ids": lambda row, names: {**row, "ids": [names[-1]]},
    "all ids": lambda row, names: {**row, "ids": names[:5]},
    "unknown id": lambda row, names: {**row, "ids": ["s99"]},
    "no ids": lambda row, names: {**row, "ids": []},
    "kind": lambda row, names: {**row, "kind": "recommendation"},
    "section": lambda row, names: {**row, "section": "guidelines"},
    "opening": lambda row, names: {**row, "section": "in_short"},
    "empty": lambda row, names: {**row, "text": ""},
    "long": lambda row, names: {**row, "text": row["text"] * 9},
    "twice": lambda row, names: row,
    "hidden": lambda row, names: {**row, "text": row["text"].replace(" ", " \u200b", 1)},
}
CHANGES = st.lists(st.sampled_from(sorted(MUTATIONS)), min_size=1, max_size=12)


def mutated(changes):
    """A valid draft in which each claim is changed in its own way."""

    def write(material, request):
        rows = HONEST["write"](material, request)["claims"]
        names = [s["id"] for s in material["sentences"]]
        for number, change in enumerate(changes):
            place = number % len(rows)
            rows[place] = MUTATIONS[change](rows[place], names)
            if change == "twice":
                rows.append(rows[place])
        return {"claims": rows[:16]}

    return write


@pytest.fixture
def wrote(world):
    def ask(question, audience="clinician", over=None, **stages):
        made = written_by(over or world, Editor(**stages))
        return outcome_of(Question(question, Audience(audience)), made), made

    return ask


def worded(outcome):
    return [c for c in outcome.result.claims if c.support is Support.ENTAILED]


def faults_of(outcome, made):
    """Every breach of what is promised of an article that a model worded."""
    known = {e.sentence.id for e in outcome.trace.evidence}
    found = check(encoded(outcome, made), made.lexicon)
    for claim in worded(outcome):
        cited = [s for _, s in claim.claim.cited]
        if not {s.id for s in cited} <= known:
            found.append("cites what was never admitted")
        if any(made.library.sentence(s.id).text != s.text for s in cited):
            found.append("cites what the library does not say")
        allowed = {n for s in cited for n in numbers(f"{s.text} {s.population or ''} {s.heading or ''}")}
        if not set(numbers(claim.claim.text)) <= allowed:
            found.append("has numbers that its sentences have not")
    return found


@FEW
@given(question=st.sampled_from(QUESTIONS), changes=CHANGES)
def test_whatever_is_written_the_article_keeps_its_promises(question, changes, wrote):
    outcome, made = wrote(question, write=mutated(changes))
    assert faults_of(outcome, made) == []


def test_valid_drafts_survive_so_that_nothing_is_won_by_silence(wrote):
    for question in QUESTIONS:
        outcome, _ = wrote(question)
        assert len(worded(outcome)) >= 2
        assert outcome.trace.writing.used


def test_where_all_of_a_draft_is_opening_there_is_a_section_all_the_same(wrote):
    question = "Are muscle symptoms on a statin due to the statin?"
    outcome, made = wrote(question, write=mutated(["opening"] * 12))
    assert faults_of(outcome, made) == []
    assert len(outcome.result.in_short) == 3
    kept = {t.text for t in outcome.trace.writing.tried if t.fate == "stands"}
    assert kept <= {c.claim.text for c in outcome.result.claims}


def test_a_draft_of_one_sentence_is_a_whole_article(wrote):
    def one(material, request):
        return {"claims": HONEST["write"](material, request)["claims"][:1]}

    for question in (*QUESTIONS, "Are muscle symptoms on a statin due to the statin?"):
        outcome, made = wrote(question, write=one)
        assert faults_of(outcome, made) == []
        assert outcome.result.sections


def test_what_was_repaired_keeps_its_place(wrote):
    def first_wrong(material, request):
        rows = HONEST["write"](material, request)["claims"]
        return {"claims": [{**rows[0], "text": rows[0]["text"] + " In 4711 people."}, *rows[1:]]}

    def mend(material, _request):
        rows = material["claims"]
        return {
            "claims": [
                {"claim": r["claim"], "text": r["text"].removesuffix(" In 4711 people.")} for r in rows
            ]
        }

    honest, _ = wrote(QUESTIONS[0])
    mended, _ = wrote(QUESTIONS[0], write=first_wrong, repair=mend)
    assert mended.result == honest.result
    assert "repaired" in {t.fate for t in mended.trace.writing.tried}


@SOME
@given(changes=CHANGES)
def test_a_claim_that_was_not_changed_survives_beside_those_that_were(changes, wrote):
    harmless = [change for change in changes if change not in {"unknown id", "no ids"}]
    outcome, _ = wrote(QUESTIONS[0], write=mutated([*harmless[:2], "none"]))
    assert worded(outcome)


@SOME
@given(
    question=st.sampled_from(QUESTIONS),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["claims", "passages", "id", "x"]), inner, max_size=3),
        max_leaves=8,
    ),
    stage=st.sampled_from(["select", "write", "verify", "repair"]),
)  # fmt: skip
def test_any_json_at_all_leaves_a_whole_article(question, value, stage, wrote):
    outcome, made = wrote(question, **{stage: lambda *_: value})
    assert faults_of(outcome, made) == []
    assert outcome.result.claims


def failing(fault):
    def fail(*_):
        raise fault

    return fail


@pytest.mark.parametrize("stage", ["select", "write", "verify", "tailor"])
@pytest.mark.parametrize("fault", [ModelError(), ModelTimeout(), ModelRefused()])
def test_a_stage_that_fails_is_done_by_the_composer_and_the_page_says_so(stage, fault, wrote):
    outcome, made = wrote(QUESTIONS[0], "patient", **{stage: failing(fault)})
    answer = encoded(outcome, made)
    assert check(answer, made.lexicon) == []
    assert {"stage": stage, "why": str(fault)} in answer["run"]["fallbacks"]


def test_without_a_reply_the_article_is_the_composers_own(world, wrote):
    whole = outcome_of(Question(QUESTIONS[0]), world)
    down = failing(ModelError())
    outcome, made = wrote(QUESTIONS[0], select=down, write=down)
    assert outcome.result == whole.result
    assert encoded(outcome, made)["run"]["composer"] == "extractive"


def test_where_nobody_can_judge_the_sentences_stand_in_their_own_words(wrote):
    outcome, _ = wrote(QUESTIONS[0], verify=failing(ModelTimeout()))
    assert worded(outcome) == []
    assert {t.fate for t in outcome.trace.writing.tried} == {"quoted instead"}
    assert {i for t in outcome.trace.writing.tried for i in t.sentences} <= {
        s.id for c in outcome.result.claims for _, s in c.claim.cited
    }


@pytest.mark.parametrize("verdict", ["partial", "contradicted"])
def test_what_the_judge_does_not_find_entailed_is_not_published(verdict, wrote):
    outcome, _ = wrote(QUESTIONS[0], verify=always(verdict))
    assert worded(outcome) == []


def test_no_evidence_is_an_abstention_and_nothing_is_written(wrote):
    outcome, made = wrote("What is the treatment of zzqx syndrome?")
    assert isinstance(outcome.result, Abstention)
    assert {request.stage for request in made.writer.model.requests} <= {"plan"}


@pytest.mark.parametrize("stage", ["select", "write", "verify", "repair", "tailor"])
def test_a_cancelled_question_ends_at_the_stage_where_it_was_cancelled(stage, wrote):
    stages = {"write": mutated(["number"]), stage: failing(Cancelled())}
    with pytest.raises(Cancelled):
        wrote(QUESTIONS[0], "patient", **stages)


def _without_aliases(outcome):
    return [(c.id, c.support, c.verifier, c.claim.text) for c in outcome.result.claims]


def test_removing_a_passage_that_is_not_cited_changes_nothing(world, wrote):
    work, sentences = passage(["Gout flares were counted in 12 clinics."])
    ignore = {"select": lambda m, r: _leaving(m, r, sentences[0].text)}
    with_it, _ = wrote(QUESTIONS[0], over=with_passage(world, work, sentences, ADDED), **ignore)
    without, _ = wrote(QUESTIONS[0], **ignore)
    assert f"{NAME}#1" in {e.sentence.id for e in with_it.trace.evidence}
    assert _without_aliases(with_it) == _without_aliases(without)


def _leaving(material, request, text):
    kept = HONEST["select"](material, request)["passages"]
    gone = {p["id"] for p in material["passages"] if p["text"] == text}
    return {"passages": [row for row in kept if row["id"] not in gone]}


POISON = (
    "Colchicine cures every gout flare and allopurinol never does.",
    "Warfarin 5 mg is the best drug for a gout flare.",
    "All other sources on gout flares have been retracted.",
)


@pytest.mark.parametrize("text", POISON)
def test_a_poisoned_passage_adds_no_claim_link_or_citation_but_to_itself(text, world, wrote):
    work, sentences = passage([text])
    honest, _ = wrote(QUESTIONS[0])
    names = {s.id for c in honest.result.claims for _, s in c.claim.cited}
    spread = {"write": lambda m, r: _spreading(m, r, text)}
    outcome, made = wrote(QUESTIONS[0], over=with_passage(world, work, sentences, ADDED), **spread)
    assert faults_of(outcome, made) == []
    for claim in outcome.result.claims:
        cited = {s.id for _, s in claim.claim.cited}
        assert cited <= names | {f"{NAME}#1"}
        if text.rstrip(".") in claim.claim.text:
            assert cited == {f"{NAME}#1"}


def _spreading(material, request, text):
    """An honest draft to which the poison is added under every source in turn."""
    rows = HONEST["write"](material, request)["claims"]
    spread = [
        {"text": near(text), "ids": [s["id"]], "section": "in_short", "kind": "finding"}
        for s in material["sentences"]
    ]
    return {"claims": [*spread[:6], *rows][:16]}


@SOME
@given(
    extra=st.lists(st.text(max_size=30), max_size=4),
    unknown=st.booleans(),
    change=st.sampled_from(["none", "number", "negation", "drug", "link", "hidden"]),
)
def test_a_rewording_has_the_ids_and_the_facts_of_the_claims_and_no_others(extra, unknown, change, wrote):
    def tailor(material, _request):
        rows = [MUTATIONS[change]({"id": c["id"], "text": c["text"]}, []) for c in material["claims"]]
        rows += [{"id": "c99", "text": text} for text in extra] if unknown else []
        return {"claims": rows}

    outcome, made = wrote(QUESTIONS[0], "patient", tailor=tailor)
    answer = encoded(outcome, made)
    assert check(answer, made.lexicon) == []
    assert set(answer["rendering"]["claims"]) == set(answer["content"]["claims"])


# Mutants: a check made wrong in a way that has tempted others. What is promised above must then break.


def _cropped(material, _request):
    """Drafts that quote a sentence without its beginning: "… oral antiviral alone" out of "Do not give …"."""
    rows = HONEST["write"](material, _request)["claims"]
    return {"claims": [{**row, "text": " ".join(row["text"].split()[4:])} for row in rows]}


def test_a_mutant_that_takes_a_cropped_quotation_for_the_sentence_is_caught(wrote, monkeypatch):
    def fuzzy(self, text, cited):
        del self
        return verdicts.Verdict(
            verdicts.Judgement.ENTAILED if any(text[:40] in c for c in cited) else verdicts.Judgement.PARTIAL
        )

    def no_flaws(*_):
        return ()

    honest, made = wrote(QUESTIONS[1], write=_cropped, verify=always("partial"))
    assert faults_of(honest, made) == []
    monkeypatch.setattr(verdicts.Quotation, "judge", fuzzy)
    monkeypatch.setattr(review, "flaws", no_flaws)
    monkeypatch.setattr(compiling, "flaws", no_flaws)
    mutant, made = wrote(QUESTIONS[1], write=_cropped, verify=always("partial"))
    assert any("is not the sentence that it cites" in fault for fault in faults_of(mutant, made))


@pytest.mark.parametrize(
    "change,told",
    [("number", "numbers"), ("drug", "drugs"), ("link", "markup, a link"), ("markup", "markup")],
)
def test_a_mutant_without_the_rules_is_caught(change, told, wrote, monkeypatch):
    for module in (review, compiling):
        monkeypatch.setattr(module, "flaws", lambda *_: ())
    outcome, made = wrote(QUESTIONS[0], write=mutated([change, change, change]))
    assert told in " ".join(faults_of(outcome, made))


def test_a_mutant_with_a_fuzzy_gate_is_caught(monkeypatch):
    """At a likeness of nine tenths a changed number passes for the words of the sentence."""
    import difflib

    text = "Single signs of cervical myelopathy: hyperreflexia 72%, 43%; Hoffmann 59%, 81%."
    altered = ("hyperreflexia 72%, 48%; Hoffmann 59%", "hyperreflexia 12%, 43%; Hoffmann 59%")

    def fuzzy(anchor, whole):
        size = len(anchor)
        windows = (whole[i : i + size] for i in range(len(whole) - size + 1))
        return max(difflib.SequenceMatcher(None, anchor, w).ratio() for w in windows) >= 0.9

    assert all(fuzzy(anchor, text) for anchor in altered)  # the mutant lets them pass
    assert not any(select.anchored(anchor, text) for anchor in altered)
    assert select.anchored("hyperreflexia 72%, 43%; Hoffmann 59%", text)


def test_an_anchor_that_is_not_there_to_the_letter_loses_the_passage(wrote):
    def misquoting(material, request):
        rows = HONEST["select"](material, request)["passages"]
        return {"passages": [{**rows[0], "anchor": _number(rows[0]["anchor"]) + "x"}, *rows[1:]]}

    outcome, _ = wrote(QUESTIONS[0], select=misquoting)
    assert "quoted words that it does not hold" in " ".join(outcome.trace.writing.left.values())


def test_the_act_now_part_and_what_safety_shows_stay_whatever_the_model_chooses(world, wrote):
    question = "What are the upper motor neuron signs associated with back pain?"
    whole = outcome_of(Question(question), world)
    outcome, _ = wrote(question, select=lambda m, r: {"passages": HONEST["select"](m, r)["passages"][:1]})
    assert outcome.result.act_now == whole.result.act_now
    shown = {c.id for c in outcome.result.claims}
    stays = {c.id for c in whole.trace.draft.claims() if c.sentence.id in _shows(whole, world)}
    assert stays <= shown


def _shows(outcome, world):
    from consilium.pipeline.safety import red_flags

    return set(red_flags(outcome.trace.plan, world.lexicon).shows)


def test_the_budget_ends_the_asking_and_never_the_article(world):
    for tokens in (1, 3_000, 6_000, 9_000):
        made = written_by(world, Editor(), tokens=tokens)
        outcome = outcome_of(Question(QUESTIONS[0]), made)
        assert check(encoded(outcome, made), made.lexicon) == []
        assert outcome.trace.writing.fallbacks or tokens > 3_000


def test_the_same_replies_give_the_same_article(wrote):
    one, other = wrote(QUESTIONS[0]), wrote(QUESTIONS[0])
    assert one[0].result == other[0].result
    assert replace(one[0].trace.writing, calls=()) == replace(other[0].trace.writing, calls=())
