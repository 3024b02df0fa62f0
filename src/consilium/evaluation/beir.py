"""Test collections as BEIR lays them out: a corpus, queries, and judgements (qrels) of what answers which.

Source of the form: Thakur et al., BEIR (2021). Everything is read line by line, so that a corpus need
not fit into memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consilium.errors import MalformedCollection
from consilium.evaluation.jsonl import lines, objects

Judgements = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Collection:
    """The three files of a test collection."""

    corpus: Path
    queries: Path
    qrels: Path

    @classmethod
    def of(cls, folder: Path, queries: Path | None = None, qrels: Path | None = None) -> Collection:
        """The files of a folder; other queries bring their own judgements where they are beside them.

        Raises:
            MalformedCollection: one is not there.
        """
        asked = _given(folder, queries) if queries else first(folder, "queries.jsonl", "queries.jsonl.gz")
        if qrels:
            judged = _given(folder, qrels)
        else:
            part = asked.name.split(".")[0].removeprefix("queries").removeprefix("_")
            own = (f"qrels_{part}.tsv", f"qrels/{part}.tsv") if part else ()
            judged = first(folder, *own, "qrels.tsv", "qrels/test.tsv")
        return cls(first(folder, "corpus.jsonl", "corpus.jsonl.gz"), asked, judged)


def _given(folder: Path, name: Path) -> Path:
    for file in (folder / name, name):
        if file.is_file():
            return file
    raise MalformedCollection(f"There is no file {name}, neither in {folder} nor here.")


def first(folder: Path, *names: str) -> Path:
    """The first of these files that a folder holds.

    Raises:
        MalformedCollection: it holds none of them.
    """
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise MalformedCollection(f"{folder} is no test collection: it holds no {' nor '.join(names)}.")


@dataclass(frozen=True, slots=True)
class Topic:
    """One query with the documents that answer it, and how well each does."""

    id: str
    text: str
    relevant: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Topics:
    """The queries that can be measured, and what had to be left out.

    Attributes:
        unanswered: queries for which no relevant document is named.
        unasked: judged queries whose text is not in the file of queries.
    """

    asked: Sequence[Topic]
    unanswered: int
    unasked: int


def documents(file: Path) -> Iterator[tuple[str, str]]:
    """The (id, title and text) of every document, in the order of the file.

    Raises:
        MalformedCollection: the file cannot be read, or a line is no document, or an id comes twice.
    """
    seen: set[str] = set()
    for where, item in objects(file):
        name = _id(where, item, seen)
        title, text = _text(where, item, "title", optional=True), _text(where, item, "text")
        yield name, f"{title} {text}".strip()


def topics(collection: Collection) -> Topics:
    """The queries with their judgements.

    Raises:
        MalformedCollection: a file cannot be read, a query is empty, or none can be measured.
    """
    judged, seen = judgements(collection.qrels), set[str]()
    asked, unanswered = [], 0
    for where, item in objects(collection.queries):
        name, text = _id(where, item, seen), _text(where, item, "text").strip()
        if not text:
            raise MalformedCollection(f"{where}: the query {name} is empty.")
        relevant = {document: gain for document, gain in judged.get(name, {}).items() if gain > 0}
        if relevant:
            asked.append(Topic(name, text, relevant))
        else:
            unanswered += 1
    if not asked:
        raise MalformedCollection(
            f"No query of {collection.queries} has a relevant document in {collection.qrels}."
        )
    return Topics(asked, unanswered, len(judged.keys() - seen))


def judgements(file: Path) -> Judgements:
    """How well which document answers which query: `query-id`, `corpus-id`, `score`, with tabs.

    Raises:
        MalformedCollection: the file cannot be read, or a line is no judgement, or contradicts another.
    """
    judged: dict[str, dict[str, float]] = {}
    for number, line in lines(file):
        cells = line.rstrip("\r\n").split("\t")
        if number == 1 and cells[-1].strip() == "score":
            continue
        try:
            query, document, gain = cells[0].strip(), cells[1].strip(), float(cells[2])
        except (IndexError, ValueError):
            raise MalformedCollection(
                f"{file}, line {number}: a judgement is a query's id, a document's id and a number, with tabs."
            ) from None
        if judged.setdefault(query, {}).setdefault(document, gain) != gain:
            raise MalformedCollection(f"{file}, line {number}: {document} was judged otherwise for {query}.")
    return judged


def _id(where: str, item: Mapping[str, Any], seen: set[str]) -> str:
    """The id of an object: a number stands for its digits; it must be one that a table can name."""
    name = str(item["_id"]) if isinstance(item.get("_id"), int) else item.get("_id")
    if not isinstance(name, str) or not name or not name.isprintable():
        raise MalformedCollection(f"{where} has no `_id`, or one that is no printable text.")
    if name in seen:
        raise MalformedCollection(f"{where}: the id {name} is there a second time.")
    seen.add(name)
    return name


def _text(where: str, item: Mapping[str, Any], key: str, *, optional: bool = False) -> str:
    value = item.get(key)
    if value is None and optional:
        return ""
    if not isinstance(value, str):
        raise MalformedCollection(f"{where} has no `{key}`, or one that is no text.")
    # Half a character, as JSON can spell it, is nothing that an index could hold.
    return value.encode("utf-8", "replace").decode()
