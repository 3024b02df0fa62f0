"""How one claim, one cited sentence and one reference read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from consilium.adapters.renderings.parts import Cited, Entry, Statement

Json = dict[str, Any]
STATUS = {
    "superseded": "superseded edition",
    "partly_superseded": "partly superseded edition",
    "expired": "lapsed by its issuer's rule",
    "withdrawn": "withdrawn by its issuer",
    "retracted": "retracted",
}
_CHECKED = {
    "primary": "checked against the source itself",
    "secondary": "read in a secondary account",
    "derived": "Consilium's own inference",
}
_MODEL = "model:"
READ_ORIGINAL = "; read the original"
# Controls, bidirectional and zero-width characters: never printed, whoever wrote the source.
_HIDDEN = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def clean(text: Any) -> str:
    """Text on one line, without characters that a reader cannot see."""
    return " ".join(_HIDDEN.sub("", str(text)).split())


def statement(
    article: Json, claim_id: str, key: str, *, label: str | None = None, glossed: bool = True
) -> Statement:
    """A claim as it is printed at one place."""
    claim = article["content"]["claims"][claim_id]
    rendering = article["rendering"] or {"audience": None, "claims": {}}
    worded = rendering["claims"].get(claim_id, {"text": claim["text"], "glosses": []})
    references = {r["number"]: r for r in article["content"]["references"]}
    frame = _frame(claim)
    return Statement(
        key=key,
        claim=claim_id,
        label=label,
        frame=frame,
        text=_words(clean(worded["text"]), claim),
        marks=tuple(citation["reference"] for citation in claim["citations"]),
        grade=None if rendering["audience"] == "patient" else grade_of(claim),
        notes=tuple(_notes(claim, frame or "", references)),
        glosses=tuple((clean(g["term"]), clean(g["gloss"])) for g in worded["glosses"]) if glossed else (),
        cited=tuple(
            _cited(sentence, references[citation["reference"]])
            for citation in claim["citations"]
            for sentence in citation["sentences"]
        ),
    )


def _frame(claim: Json) -> str | None:
    stored = clean(claim["frame"]) if claim["frame"] else None
    if claim["support"] != "inferred":
        return stored
    premises = [
        f"[{citation['reference']}]"
        for citation in claim["citations"]
        if any(sentence["origin"] != "inference" for sentence in citation["sentences"])
    ]
    if not premises:
        return stored
    stated = {1: "not stated there", 2: "stated by neither"}.get(len(premises), "stated by none of them")
    return f"Reasoned by Consilium from {_joined(premises)}, {stated}"


def _joined(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _words(text: str, claim: Json) -> str:
    """The words of a claim; quotation marks only around a source's own."""
    own = clean(claim["text"])
    if claim["support"] == "quoted" and text.endswith(own):
        return f"{text[: len(text) - len(own)]}“{own}”"
    return text


def grade_of(claim: Json) -> str | None:
    """The issuer's grade in the issuer's words, and the certainty where it gives one."""
    parts = [f"issuer's grade: {clean(claim['native_grade'])}"] if claim["native_grade"] else []
    if claim["certainty"] != "not_stated":
        parts.append(f"certainty: {claim['certainty'].replace('_', ' ')}")
    return "; ".join(parts) or None


def _notes(claim: Json, frame: str, references: dict[int, Json]) -> Iterable[str]:
    conditions: dict[str, list[str]] = {}
    for qualifier in claim["qualifiers"]:
        kind, _, condition = clean(qualifier).partition(": ")
        if kind in {"only if", "not if"} and condition:
            conditions.setdefault(kind.capitalize(), []).append(condition)
        else:
            conditions.setdefault("With", []).append(clean(qualifier))
    for kind, listed in conditions.items():
        yield f"{kind}: {'; '.join(listed)}"
    if claim["population"]:
        yield f"About: {clean(claim['population'])}"
    if claim["setting"]:
        yield f"Setting: {clean(claim['setting'])}"
    if claim["support"] == "entailed":
        yield _reworded(clean(claim["verifier"] or "nobody named"))
    for citation in claim["citations"]:
        status = STATUS.get(references[citation["reference"]]["status"])
        if status and status not in frame:
            yield f"[{citation['reference']}]: {status}"


def _reworded(verifier: str) -> str:
    """Whose words a claim is in that is not its sentence, and who judged that its sentences say so."""
    if verifier.startswith(_MODEL):
        return f"In a model's words; judged by {verifier.removeprefix(_MODEL)}"
    return f"Worded by: {verifier}; the sentence cited reads otherwise"


def _cited(sentence: Json, reference: Json) -> Cited:
    return Cited(
        reference=reference["number"],
        sentence=sentence["id"],
        text=clean(sentence["text"]),
        origin=_origin(sentence, reference),
        checked="" if sentence["origin"] == "inference" else _CHECKED.get(sentence["checked"], ""),
        # An inference is in no original; only its premises are.
        url=None if sentence["origin"] == "inference" else next((u for _, u in links(reference)), None),
    )


def _origin(sentence: Json, reference: Json) -> str:
    if sentence["origin"] == "verbatim":
        return "The source's words"
    if sentence["origin"] == "inference":
        return _CHECKED["derived"]
    return f"Consilium's summary of {name_of(reference)}{READ_ORIGINAL}"


def name_of(reference: Json) -> str:
    """The short name of a source: its body, or its first author, and its year."""
    bodies = "/".join(reference["organisation"][:2])
    author = (reference["authors"] or "").split(",")[0]
    names = (author, bodies) if reference["kind"] == "study" else (bodies, author)
    name = next((n for n in names if n.strip()), reference["title"])
    return clean(f"{name} ({reference['year']})" if reference["year"] else name)


def entry(reference: Json, cited: Iterable[Cited], printed: frozenset[str]) -> Entry:
    """A reference as listed.

    Args:
        reference: the reference of the contract.
        cited: every sentence of it that a claim rests on.
        printed: texts of claims; a cited sentence that is none of these is printed here.
    """
    sentences = tuple(dict.fromkeys(cited))
    by_label: dict[str, list[str]] = {}
    for c in sentences:
        label = c.origin.removesuffix(READ_ORIGINAL) + (f", {c.checked}" if c.checked else "")
        by_label.setdefault(label, []).append("#" + c.sentence.split("#")[-1])
    read = [
        f"Sentence{'s' * (len(names) > 1)} {', '.join(names)}: {label}" for label, names in by_label.items()
    ]
    read += [
        f"#{c.sentence.split('#')[-1]} reads: {c.text.rstrip('.')}"
        for c in sentences
        if c.text not in printed
    ]
    note = [clean(reference["status_note"]).rstrip(".")] if reference["status_note"] else []
    return Entry(
        number=reference["number"],
        text=clean(reference["text"]),
        facts=(clean(reference["design"]), *standing(reference), *note),
        read=tuple(read),
        links=tuple(links(reference)),
    )


def standing(reference: Json) -> Iterable[str]:
    """What is known of an edition: whether it was replaced, and whether anybody checked."""
    status = STATUS.get(reference["status"])
    if reference["status_basis"] == "checked":
        on = reference["status_checked_on"]
        words = status or reference["status"].replace("unknown", "status unknown")
        yield f"{words}, checked on {on}" if on else f"{words}, checked"
    else:
        if status:
            yield status
        yield "currency not checked"
        if reference["kind"] != "study":
            yield "edition not checked"


def links(reference: Json) -> Iterable[tuple[str, str]]:
    """Where a reference can be read: PubMed, PMC, DOI, and its own address."""
    if reference["pmid"]:
        yield "PubMed", f"https://pubmed.ncbi.nlm.nih.gov/{quote(str(reference['pmid']))}/"
    if reference["pmcid"]:
        yield "PMC", f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(reference['pmcid'])}/"
    if reference["doi"]:
        yield "DOI", f"https://doi.org/{quote(reference['doi'], safe='/:;.-_')}"
    url = clean(reference["url"] or "")
    known = (str(reference["pmid"] or "\0"), reference["doi"] or "\0")
    if re.match(r"https?://", url) and not any(url.rstrip("/").endswith(k) for k in known):
        yield "Source page", quote(url, safe=":/?#[]@!$&'()*+,;=%~-._")
