"""The JSON of the contract back to an article and its wordings.

What the contract does not carry (whom a sentence pairs with, whether a retraction was looked for)
comes from the version of the source that is cited, where the library still holds it. What the
contract carries is taken from there and never from the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from consilium.adapters.contract.codec import Json
from consilium.domain.article import (
    Article,
    Assessment,
    Claim,
    Disagreement,
    Item,
    Position,
    Reference,
    Rendering,
    Role,
    Section,
    Support,
    SupportedClaim,
    Wording,
)
from consilium.domain.evidence import (
    Checked,
    Origin,
    Sentence,
    Source,
    SourceKind,
    SourceStatus,
    StatementKind,
)
from consilium.domain.grade import Certainty, Direction, Grade, Strength

Version = Callable[[str, int], tuple[Source, dict[str, Sentence]] | None]
Held = tuple[Source, dict[str, Sentence]]
_SAME = (
    "title", "design", "authors", "year", "journal", "jurisdiction", "population",
    "status_checked_on", "status_note", "pmid", "pmcid", "doi", "url", "licence",
)  # fmt: skip


def article_of(content: Json, version: Version) -> Article:
    """The article of a ``content`` that keeps the contract.

    Args:
        version: a version of a source as the library holds it, with its sentences.
    """
    held = {r["number"]: _held(r, version) for r in content["references"]}
    assessment = content["assessment"]
    return Article(
        question=content["question"],
        act_now=tuple(content["act_now"]),
        in_short=tuple(content["in_short"]),
        sections=tuple(_section(section) for section in content["sections"]),
        claims=tuple(_claim(claim, held) for claim in content["claims"].values()),
        references=tuple(
            Reference(r["number"], held[r["number"]][0], r["text"]) for r in content["references"]
        ),
        disagreements=tuple(_disagreement(table) for table in content["disagreements"]),
        gaps=tuple(content["gaps"]),
        assessment=Assessment(**assessment),
        disclaimer=content["disclaimer"],
    )


def _section(section: Json) -> Section:
    items = (Item(Role(item["role"]), tuple(item["claims"])) for item in section["items"])
    return Section(section["id"], section["title"], tuple(items))


def _disagreement(table: Json) -> Disagreement:
    positions = (Position(p["claim"], p["body"], p["jurisdiction"], p["year"]) for p in table["positions"])
    return Disagreement(table["about"], tuple(positions))


def _held(reference: Json, version: Version) -> Held:
    """The source that a reference cites, and what the library knows of its sentences."""
    name, number = reference["source"], reference["version"]
    kind, title = SourceKind(reference["kind"]), reference["title"]
    bare: Held = Source(name, number, kind, title, reference["design"]), {}
    source, sentences = version(name, number) or bare
    source = replace(
        source,
        version=number,
        kind=kind,
        organisation=tuple(reference["organisation"]),
        status=SourceStatus(reference["status"]),
        status_checked=reference["status_basis"] == "checked",
        **{field: reference[field] for field in _SAME},
    )
    return source, sentences


def _claim(claim: Json, held: dict[int, Held]) -> SupportedClaim:
    kind = StatementKind(claim["kind"])
    grade = Grade(
        Strength(claim["strength"]),
        Direction(claim["direction"]),
        Certainty(claim["certainty"]),
        claim["native_grade"],
    )
    return SupportedClaim(
        Claim(
            text=claim["text"],
            frame=claim["frame"],
            kind=kind,
            grade=grade,
            qualifiers=tuple(claim["qualifiers"]),
            population=claim["population"],
            setting=claim["setting"],
            cited=tuple(_cited(claim, kind, held)),
            partners=tuple(claim["pairs_with"]),
        ),
        Support(claim["support"]),
        claim["verifier"],
    )


def _cited(claim: Json, kind: StatementKind, held: dict[int, Held]) -> Iterator[tuple[Source, Sentence]]:
    for citation in claim["citations"]:
        source, sentences = held[citation["reference"]]
        for stated in citation["sentences"]:
            yield source, _sentence(stated, source, kind, sentences)


def _sentence(stated: Json, source: Source, kind: StatementKind, held: dict[str, Sentence]) -> Sentence:
    name, text = stated["id"], stated["text"]
    origin, checked = Origin(stated["origin"]), Checked(stated["checked"])
    known = held.get(name)
    if known is None or known.text != text:
        known = Sentence(name, source.id, text, kind, origin, checked, stated["passage"])
    return replace(
        known,
        origin=origin,
        checked=checked,
        passage=stated["passage"],
        heading=stated["heading"],
        locator=stated["locator"],
        premises=tuple(stated["premises"]),
    )


def rendering_of(body: Json) -> Rendering:
    """The wording for one audience."""
    return Rendering(
        audience=body["audience"],
        composer=body["composer"],
        claims=tuple(
            (
                name,
                Wording(
                    worded["text"], tuple((g["term"], g["gloss"], g["source"]) for g in worded["glosses"])
                ),
            )
            for name, worded in body["claims"].items()
        ),
        order=tuple(body["order"]),
        reading_grade=body["reading_grade"],
    )
