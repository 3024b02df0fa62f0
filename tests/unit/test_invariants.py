"""Each invariant of the contract has a mutation that the check catches."""

from __future__ import annotations

import copy
import json

import pytest

from consilium.adapters.contract.check import check
from consilium.adapters.contract.codec import digest
from consilium.domain.article import claim_id

QUESTION = "Suspected cauda equina syndrome: which MRI?"


@pytest.fixture(scope="module")
def article(answered):
    made = answered(QUESTION, "patient")
    assert made["kind"] == "article"
    return made


def _faults(article, world):
    """The faults of a mutated article whose digests were recomputed, as a careful forger would."""
    article["id"] = digest(article["content"])
    body = {k: v for k, v in article["rendering"].items() if k != "id"}
    article["rendering"]["id"] = digest(body)
    return check(json.loads(json.dumps(article)), world.lexicon, _held(world))


def _held(world):
    def look(name):
        found = world.library.sentence(name)
        return found.text if found else None

    return look


def _first(article):
    return next(iter(article["content"]["claims"].values()))


def _first_id(article):
    return next(iter(article["content"]["claims"]))


def _rename(article, old, new):
    text = json.dumps(article).replace(old, new)
    article.clear()
    article.update(json.loads(text))


def show_an_unknown_claim(a):
    a["content"]["in_short"][0] = "c-000000000000"


def never_show_a_claim(a):
    name = _first_id(a)
    c = a["content"]
    c["act_now"] = [x for x in c["act_now"] if x != name]
    c["in_short"] = [x for x in c["in_short"] if x != name] or c["in_short"][:1]
    for section in c["sections"]:
        section["items"] = [i for i in section["items"] if name not in i["claims"]] or section["items"][:1]
    extra = copy.deepcopy(c["claims"][name])
    extra["kind"] = "warning"
    sentences = [s["id"] for x in extra["citations"] for s in x["sentences"]]
    c["claims"][claim_id("warning", extra["text"], sentences)] = extra


def give_a_claim_another_id(a):
    _rename(a, _first_id(a), "c-0123456789ab")


def number_the_references_backwards(a):
    numbers = {
        r["number"]: len(a["content"]["references"]) + 1 - r["number"] for r in a["content"]["references"]
    }
    for claim in a["content"]["claims"].values():
        for citation in claim["citations"]:
            citation["reference"] = numbers[citation["reference"]]
    for reference in a["content"]["references"]:
        reference["number"] = numbers[reference["number"]]


def list_what_is_not_cited(a):
    extra = copy.deepcopy(a["content"]["references"][0])
    extra["number"] = len(a["content"]["references"]) + 1
    a["content"]["references"].append(extra)


def cite_under_another_source(a):
    a["content"]["references"][0]["source"] = "somewhere-else"


def change_a_cited_sentence(a):
    _first(a)["citations"][0]["sentences"][0]["text"] += " Always."


def cite_a_retracted_source(a):
    a["content"]["references"][0]["status"] = "retracted"


def lead_with_superseded_guidance(a):
    for reference in a["content"]["references"]:
        reference["status"] = "superseded"


def recommend_from_a_study(a):
    for reference in a["content"]["references"]:
        reference["kind"] = "study"


def call_a_summary_a_quotation(a):
    _first(a)["support"] = "quoted"


def infer_without_premises(a):
    claim = _first(a)
    claim["support"] = "inferred"
    claim["citations"][0]["sentences"][0]["origin"] = "inference"


def certify_by_quotation(a):
    _first(a)["support"] = "entailed"


def say_more_than_the_sentences_do(a):
    claim = _first(a)
    claim.update(support="entailed", verifier="board", text=claim["text"] + " Give 999 mg of ibuprofen.")


def word_another_number(a):
    for worded in a["rendering"]["claims"].values():
        worded["text"] += " 999"


def word_an_added_negation(a):
    for worded in a["rendering"]["claims"].values():
        worded["text"] = "Never: " + worded["text"]


def word_another_drug(a):
    for worded in a["rendering"]["claims"].values():
        worded["text"] += " Take ibuprofen."


def leave_a_claim_unworded(a):
    a["rendering"]["claims"].popitem()


def put_markup_in_a_title(a):
    a["content"]["title"] = "<b>bold</b>"


def put_a_link_in_a_gap(a):
    a["content"]["gaps"].append("see https://example.org")


def approve_without_digests(a):
    a["review"] = {"status": "approved", "reviewed_by": "A. Person", "reviewed_on": "2026-11-01",
                   "covers": ["sha256:" + "0" * 64], "why": None}  # fmt: skip


def part_a_pair(a):
    _first(a)["pairs_with"] = ["c-ffffffffffff"]


MUTATIONS = [
    (1, show_an_unknown_claim), (1, never_show_a_claim), (1, give_a_claim_another_id), (1, leave_a_claim_unworded),
    (2, number_the_references_backwards), (2, list_what_is_not_cited),
    (3, cite_under_another_source), (3, change_a_cited_sentence),
    (4, cite_a_retracted_source), (4, lead_with_superseded_guidance), (4, recommend_from_a_study),
    (5, call_a_summary_a_quotation), (5, infer_without_premises), (5, certify_by_quotation), (5, say_more_than_the_sentences_do),
    (6, word_another_number), (6, word_an_added_negation), (6, word_another_drug),
    (7, put_markup_in_a_title), (7, put_a_link_in_a_gap),
    (8, approve_without_digests),
    (9, part_a_pair),
]  # fmt: skip


def test_an_article_as_made_keeps_every_invariant(article, world):
    assert check(article, world.lexicon, _held(world)) == []


@pytest.mark.parametrize("number,mutate", MUTATIONS, ids=lambda x: getattr(x, "__name__", str(x)))
def test_the_mutation_is_caught(number, mutate, article, world):
    forged = copy.deepcopy(article)
    mutate(forged)
    assert any(f"invariant {number}" in fault for fault in _faults(forged, world)), _faults(forged, world)


def test_an_id_that_is_not_the_digest_is_caught(article, world):
    forged = copy.deepcopy(article)
    forged["content"]["disclaimer"] += "!"
    assert any("invariant 1" in fault for fault in check(forged, world.lexicon))
