"""What a schema cannot say about an article: nine invariants, each told by number.

Design 2, "Invariants"; every one has a mutation test that it must catch. They work on the plain
JSON, so that any file can be checked, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from consilium.adapters.contract.codec import Json, digest
from consilium.domain.article import claim_id
from consilium.domain.evidence import digest_of
from consilium.pipeline.checks.form import is_plain
from consilium.pipeline.fidelity import Drugs, altered, beyond

Look = Callable[[str], str | None]
_NEVER_LEADS = {"superseded", "expired", "withdrawn", "retracted"}
_SUPPORT = {"quoted": "verbatim", "summarised": "summary", "inferred": "inference"}


def faults(article: Json, drugs: Drugs, library: Look = lambda _: None) -> list[str]:
    """Every breach of an invariant, as "invariant N: what is wrong".

    Args:
        drugs: the drugs that a text names.
        library: the text of a sentence as the library holds it, or None if it does not.
    """
    found = list(_identity(article))
    if article["kind"] != "article":
        return found
    content = article["content"]
    for check in (_claims_used, _numbered, _leads, _plain_text, _pairs):
        found += check(content)
    found += _support(content, drugs)
    found += _sentences(content, library)
    found += _rendered(article, drugs)
    found += _approved(article)
    return found


def _identity(article: Json) -> Iterator[str]:
    if article["id"] != digest(article["content"]):
        yield "invariant 1: the id is not the digest of the content"
    rendering = article["rendering"]
    if rendering:
        body = {name: value for name, value in rendering.items() if name != "id"}
        if rendering["id"] != digest(body):
            yield "invariant 1: the rendering's id is not the digest of its body"


def places(content: Json) -> list[str]:
    """Every claim id that the page shows, in reading order, with repeats."""
    shown = [*content["act_now"], *content["in_short"]]
    shown += [c for section in content["sections"] for item in section["items"] for c in item["claims"]]
    shown += [p["claim"] for table in content["disagreements"] for p in table["positions"]]
    return shown


def _claims_used(content: Json) -> Iterator[str]:
    shown, claims = set(places(content)), content["claims"]
    for missing in sorted(shown - set(claims)):
        yield f"invariant 1: {missing} is shown but not among the claims"
    for unused in sorted(set(claims) - shown):
        yield f"invariant 1: {unused} is never shown"
    for name, claim in claims.items():
        sentences = [s["id"] for c in claim["citations"] for s in c["sentences"]]
        kind, text = claim["kind"], claim["text"]
        if name != claim_id(kind, text, sentences):
            yield f"invariant 1: {name} is not the hash of its kind, text and sentences"


def _numbered(content: Json) -> Iterator[str]:
    order: list[int] = []
    for name in dict.fromkeys(places(content)):
        for citation in content["claims"].get(name, {}).get("citations", ()):
            if citation["reference"] not in order:
                order.append(citation["reference"])
    if order != list(range(1, len(order) + 1)):
        yield "invariant 2: references are not numbered in order of first citation"
    if sorted(order) != [reference["number"] for reference in content["references"]]:
        yield "invariant 2: the references cited are not those listed"


def _sentences(content: Json, library: Look) -> Iterator[str]:
    sources = {reference["number"]: reference["source"] for reference in content["references"]}
    for claim in content["claims"].values():
        for citation in claim["citations"]:
            for sentence in citation["sentences"]:
                if sentence["id"].split("#")[0] != sources.get(citation["reference"]):
                    yield f"invariant 3: {sentence['id']} is cited under another source"
                if sentence["sha256"] != digest_of(sentence["text"]):
                    yield f"invariant 3: {sentence['id']} does not match its digest"
                held = library(sentence["id"])
                if held is not None and held != sentence["text"]:
                    yield f"invariant 3: {sentence['id']} is not what the library holds"


def _leads(content: Json) -> Iterator[str]:
    references = {reference["number"]: reference for reference in content["references"]}
    for reference in references.values():
        if reference["status"] == "retracted":
            yield f"invariant 4: {reference['source']} is retracted and cited"
    for name, claim in content["claims"].items():
        own = references.get(claim["citations"][0]["reference"], {})
        if claim["kind"] == "recommendation" and own.get("kind") == "study":
            yield f"invariant 4: {name} recommends on the strength of a study"
    leads = [
        claim
        for section in content["sections"]
        for item in section["items"]
        if item["role"] == "lead"
        for claim in item["claims"]
    ]
    for name in [*leads, *content["act_now"], *content["in_short"]]:
        for citation in content["claims"].get(name, {}).get("citations", ()):
            if references.get(citation["reference"], {}).get("status") in _NEVER_LEADS:
                yield f"invariant 4: {name} leads on superseded, expired or withdrawn guidance"


def _support(content: Json, drugs: Drugs) -> Iterator[str]:
    for name, claim in content["claims"].items():
        sentences = [s for citation in claim["citations"] for s in citation["sentences"]]
        wanted = _SUPPORT.get(claim["support"])
        if wanted and sentences[0]["origin"] != wanted:
            yield f"invariant 5: {name} is '{claim['support']}' over a {sentences[0]['origin']}"
        if claim["support"] == "inferred":
            missing = set(sentences[0]["premises"]) - {s["id"] for s in sentences}
            if missing or not sentences[0]["premises"]:
                yield f"invariant 5: {name} is inferred, but does not cite every premise"
        if claim["support"] == "entailed" and claim["verifier"] in {None, "quotation"}:
            yield f"invariant 5: {name} is 'entailed' without a verifier that can say so"
        if claim["support"] == "entailed":
            for what in beyond((s["text"] for s in sentences), claim["text"], drugs):
                yield f"invariant 5: {name} names {what} that its sentences do not"
        if claim["support"] in _SUPPORT and claim["text"] != sentences[0]["text"]:
            yield f"invariant 5: {name} is not the sentence that it cites"


def _rendered(article: Json, drugs: Drugs) -> Iterator[str]:
    rendering, claims = article["rendering"], article["content"]["claims"]
    if not rendering:
        return
    if set(rendering["claims"]) != set(claims):
        yield "invariant 1: the rendering does not word exactly the claims"
    for name in sorted(set(rendering["claims"]) & set(claims)):
        text, worded = claims[name]["text"], rendering["claims"][name]["text"]
        for what in altered(text, worded, drugs):
            yield f"invariant 6: {name} is worded with {what}"
        if not is_plain(worded):
            yield f"invariant 7: the wording of {name} carries markup or hidden characters"


def _plain_text(content: Json) -> Iterator[str]:
    texts: list[tuple[str, Any]] = [("title", content["title"]), ("question", content["question"])]
    texts += [(name, claim["text"]) for name, claim in content["claims"].items()]
    texts += [(name, claim["frame"] or "") for name, claim in content["claims"].items()]
    texts += [("gaps", gap) for gap in content["gaps"]]
    for where, text in texts:
        if not is_plain(text):
            yield f"invariant 7: {where} carries markup, a link or hidden characters"


def _approved(article: Json) -> Iterator[str]:
    review = article["review"]
    if not review or review["status"] != "approved":
        return
    needed = {article["id"]}
    if article["rendering"]:
        needed.add(article["rendering"]["id"])
    if not (review["reviewed_by"] and review["reviewed_on"] and needed <= set(review["covers"])):
        yield "invariant 8: approved without reviewer, date, and the digests that it covers"


def _pairs(content: Json) -> Iterator[str]:
    for name, claim in content["claims"].items():
        for partner in claim["pairs_with"]:
            if partner not in content["claims"]:
                yield f"invariant 9: {name} is shown without {partner}"
