"""What is stored, an evidence record or a work, becomes a source and its sentences."""

from __future__ import annotations

from typing import Any

from consilium.adapters.sources import records, works
from consilium.domain.evidence import Sentence, Source


def source_of(record: dict[str, Any], *, version: int = 1, collection: str = "starter") -> Source:
    """The source that a stored record describes or is."""
    if works.is_work(record):
        return works.source_of(record, version=version, collection=collection)
    return records.source_of(record, version=version, collection=collection)


def sentences_of(record: dict[str, Any]) -> tuple[Sentence, ...]:
    """Its sentences in order."""
    return works.sentences_of(record) if works.is_work(record) else records.sentences_of(record)
