"""What a library holds, written out line by line: to be added again, or for reference managers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from consilium.adapters import starter
from consilium.adapters.contract.codec import reference_json
from consilium.adapters.library.store import Store
from consilium.adapters.renderings import citing
from consilium.adapters.sources.stored import source_of
from consilium.domain.article import Reference
from consilium.pipeline.frames import nlm

Record = dict[str, Any]


class Form(StrEnum):
    """How sources are written."""

    JSONL = "jsonl"
    RIS = "ris"
    CSL = "csl-json"


def lines(store: Store, form: Form, collection: str | None) -> Iterator[str]:
    """The sources of a collection, or all but those that ship with Consilium; each is read when it is written.

    Of a work that may be quoted by the sentence only, what is known is written, and its text is left out.
    """
    held = _held(store, collection)
    if form is Form.CSL:
        yield "["
        between = "\n"
        for number, record in enumerate(held, 1):
            yield between + _csl(_reference(record, number))
            between = ",\n"
        yield "\n]\n"
        return
    write: Callable[[Record, int], str] = _line if form is Form.JSONL else _ris
    for number, record in enumerate(held, 1):
        yield write(record, number)


def _held(store: Store, collection: str | None) -> Iterator[Record]:
    if collection != starter.COLLECTION:
        ships = store.records(starter.COLLECTION)
        yield from (r for name, r in store.records(collection).items() if name not in ships)
    else:
        yield from store.records(collection).values()
    for _, work in store.works.all(collection):
        yield dict(work)


def _line(record: Record, _: int) -> str:
    if record.get("quoted"):
        record = record | {"sections": [], "withheld": "Its text may be quoted by the sentence only."}
    return json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n"


def _ris(record: Record, number: int) -> str:
    return citing.as_ris([_reference(record, number)])


def _csl(reference: dict[str, Any]) -> str:
    return json.dumps(json.loads(citing.as_csl([reference]))[0], ensure_ascii=False)


def _reference(record: Record, number: int) -> dict[str, Any]:
    source = source_of(record)
    return reference_json(Reference(number, source, nlm(source)))
