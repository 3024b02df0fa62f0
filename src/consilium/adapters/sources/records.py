"""Evidence records (YAML, JSON or JSON Lines) become sources and sentences.

The shape is ``record.schema.json`` beside this module; what a schema cannot say is checked by
``faults_between``. Statements are Consilium's summaries, never quotations.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from consilium.domain.population import Band
from consilium.errors import MalformedSource

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

Record = dict[str, Any]
_CHECKED = {"primary": Checked.PRIMARY, "secondary": Checked.SECONDARY, "inference": Checked.DERIVED}
# What a source takes from its record as it stands there.
FACTS = (
    "authors",
    "year",
    "updated",
    "journal",
    "locator",
    "jurisdiction",
    "population",
    "status_note",
    "pmid",
    "pmcid",
    "doi",
    "url",
)
_DESIGNS = {
    "Randomized Controlled Trial": "randomised trial",
    "Systematic Review; Meta-Analysis": "systematic review and meta-analysis",
    "Editorial Inference": "Consilium's own inference",
}


def source_of(record: Record, *, version: int = 1, collection: str = "starter") -> Source:
    """The source that a valid record describes."""
    work = record["source"]
    status = work["status"]
    checked = work.get("status_basis") == "seen"
    if work.get("retracted"):
        status = "retracted"
    return Source(
        id=record["id"],
        version=version,
        collection=collection,
        kind=SourceKind(record["kind"]),
        title=work["title"],
        design=_DESIGNS.get(work["publication_type"], work["publication_type"].lower()),
        organisation=tuple(work.get("organisation") or ()),
        **{name: work.get(name) for name in FACTS},
        status=SourceStatus("expired" if status == "expired_by_issuer_policy" else status),
        status_checked=checked,
        status_checked_on=(record.get("review") or {}).get("last_checked") if checked else None,
        supersedes=tuple(work.get("supersedes") or ()),
        superseded_by=tuple(work.get("superseded_by") or ()),
        retraction_checked=work.get("retracted") is not None,
        licence=record["reuse"]["license"],
        topics=tuple(record["topics"]),
        mesh=tuple(record["mesh"]),
    )


def sentences_of(record: Record) -> tuple[Sentence, ...]:
    """The statements of a valid record; each is a passage of one sentence."""
    return tuple(_sentence(record["id"], item) for item in record["statements"])


def _sentence(source: str, item: Record) -> Sentence:
    band = item.get("age_band")
    return Sentence(
        id=item["id"],
        source=source,
        text=item["text"],
        kind=StatementKind(item["kind"]),
        origin=Origin(item.get("origin", "summary")),
        checked=_CHECKED[item["verification"]["level"]],
        passage=item["id"],
        grade=Grade(
            strength=Strength(item["strength"].get("normalized", "not_stated")),
            direction=Direction(item.get("direction") or "none"),
            certainty=Certainty(item["certainty"].get("grade", "not_stated")),
            native=item["strength"].get("native"),
        ),
        population=item.get("population"),
        setting=item.get("setting"),
        age=Band(band["min"], band["max"], band["unit"]) if band else None,
        applies_if=tuple(item.get("applies_if") or ()),
        not_if=tuple(item.get("not_if") or ()),
        pairs_with=tuple(item.get("pairs_with") or ()),
        premises=tuple(item.get("premises") or ()),
        pico=tuple(sorted((k, str(v)) for k, v in (item.get("pico") or {}).items() if v)),
    )


def read_records(path: Path) -> Iterator[tuple[str, Record]]:
    """Every record of a file with the place where it stands, for error messages.

    Raises:
        MalformedSource: the file cannot be read, or a line is not a record.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise MalformedSource(f"{path}: cannot be read as UTF-8 text ({fault}).") from fault
    if path.suffix == ".jsonl":
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield f"{path.name}, line {number}", _json(line, f"{path.name}, line {number}")
        return
    loaded = _json(text, path.name) if path.suffix == ".json" else _yaml(text, path.name)
    items = loaded if isinstance(loaded, list) else [loaded]
    for number, item in enumerate(items, 1):
        yield (f"{path.name}, record {number}" if len(items) > 1 else path.name), item


def _json(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as fault:
        raise MalformedSource(f"{place}: not JSON: {fault}.") from fault


def _yaml(text: str, place: str) -> Any:
    import yaml  # noqa: PLC0415 - only needed to add records

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise MalformedSource(f"{place}: not YAML: {fault}") from fault


@cache
def _validator() -> Validator:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import

    schema = resources.files("consilium.adapters.sources").joinpath("record.schema.json")
    return Draft202012Validator(json.loads(schema.read_text("utf-8")))


def faults_in(record: Any, place: str) -> list[str]:
    """What is wrong with one record by itself: its shape, then what the shape cannot say."""
    errors = sorted(_validator().iter_errors(record), key=lambda error: list(map(str, error.path)))
    faults = [
        f"{place}: {'/'.join(map(str, error.absolute_path)) or 'record'}: {_short(error.message)}"
        for error in errors
    ]
    return faults or list(_own_faults(record, place))


def _short(message: str) -> str:
    """A message of the validator without the middle of a long value that it repeats."""
    return message if len(message) <= 200 else f"{message[:120]} … {message[-70:]}"


def _own_faults(record: Record, place: str) -> Iterator[str]:
    for item in record["statements"]:
        where = f"{place}: {item['id']}"
        if item["id"].split("#")[0] != record["id"]:
            yield f"{where}: the id must be {record['id']}#<number>"
        graded = item["strength"].get("normalized", "not_stated") != "not_stated"
        if graded and not item["strength"].get("native"):
            yield f"{where}: strength is set, but the issuer's own words (native) are missing"
        level, origin = item["verification"]["level"], item.get("origin", "summary")
        if (level == "inference") != (origin == "inference"):
            yield f"{where}: verification level {level} does not fit origin {origin}"
        if origin == "inference" and not item.get("premises"):
            yield f"{where}: an inference must name its premises"
        if item["text"].split()[0] in {"However,", "Therefore,", "These", "They", "It"}:
            yield f"{where}: '{item['text'].split()[0]}' does not stand alone; name what is meant"


def faults_between(records: Iterable[Record], known: frozenset[str] = frozenset()) -> list[str]:
    """What is wrong among valid records: double ids, and references that lead nowhere."""
    faults: list[str] = []
    sources: set[str] = set()
    statements: set[str] = set(known)
    pending: list[tuple[str, str, str]] = []
    for record in records:
        if record["id"] in sources:
            faults.append(f"{record['id']}: this id stands twice")
        sources.add(record["id"])
        for item in record["statements"]:
            if item["id"] in statements and item["id"] not in known:
                faults.append(f"{item['id']}: this id stands twice")
            statements.add(item["id"])
            for relation in ("pairs_with", "premises"):
                pending += [(item["id"], relation, to) for to in item.get(relation) or ()]
    faults += [
        f"{owner}: {relation} names {to}, which no record holds"
        for owner, relation, to in pending
        if to not in statements
    ]
    return faults
