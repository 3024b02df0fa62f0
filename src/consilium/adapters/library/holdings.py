"""What a library holds, in figures: counted in the store, whatever its size."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consilium.adapters.library import works_index
from consilium.adapters.library.folder import Folder
from consilium.adapters.library.store import Store
from consilium.domain.evidence import Source

NOT_STATED = "not stated"
_FIELDS = {
    "kind": lambda source: source.kind.value,
    "status": lambda source: source.status.value,
    "design": lambda source: source.design,
    "year": lambda source: source.year,
    "licence": lambda source: source.licence,
    "language": lambda source: source.language,
    "jurisdiction": lambda source: source.jurisdiction,
}


@dataclass(frozen=True, slots=True)
class Holdings:
    """A library in figures.

    Attributes:
        by: how many sources there are by kind, status, design, year, licence, language, jurisdiction.
        quoted: works of which only single sentences may be shown.
        passages: how many passages can be found.
        behind: whether the index lacks works that the store holds.
        files: how many files of works were read; ``unfinished`` of them not to their end, the last at ``last_read``.
        bytes: what each part takes on disk.
    """

    records: int
    checked: int
    works: int
    collections: dict[str, int]
    generations: dict[str, int]
    by: dict[str, dict[str, int]]
    quoted: int
    passages: int
    behind: bool
    files: int
    unfinished: int
    last_read: str | None
    bytes: dict[str, int]


def holdings(folder: Folder, store: Store) -> Holdings:
    """Count what is in a library."""
    sources = list(store.sources())
    index = works_index.opened(folder.passages())
    reads = store.read_files()
    collections = store.works.counted("collection")
    return Holdings(
        records=len(sources),
        checked=sum(source.status_checked for source in sources),
        works=sum(collections.values()),
        collections={str(name): count for name, count in collections.items()},
        generations=store.generations(),
        by={name: _counted(name, sources, store) for name in _FIELDS},
        quoted=store.works.counted("quoted").get(1, 0),
        passages=index.size if index else 0,
        behind=works_index.is_behind(folder, store),
        files=reads.files,
        unfinished=reads.files - reads.finished,
        last_read=reads.last,
        bytes={name: _size(path) for name, path in _parts(folder).items()},
    )


def _counted(name: str, sources: list[Source], store: Store) -> dict[str, int]:
    told: Counter[str] = Counter()
    held: dict[Any, int] = Counter(_FIELDS[name](source) for source in sources)
    for counts in (held, store.works.counted(name)):
        for value, count in counts.items():
            told[NOT_STATED if value is None else str(value)] += count
    return dict(told.most_common())


def _parts(folder: Folder) -> dict[str, Path]:
    return {
        "store": folder.database,
        "index of statements": folder.index,
        "index of passages": folder.works,
        "vectors": folder.vectors,
        "MeSH": folder.mesh,
    }


def _size(path: Path) -> int:
    """Bytes of a file, or of a folder; what two generations share counts once."""
    files = [path, *path.rglob("*")] if path.is_dir() else [path, path.with_name(f"{path.name}-wal")]
    sizes: dict[tuple[int, int], int] = {}
    for file in files:
        try:
            stat = file.stat()
        except OSError:  # a build beside this has just tidied it up
            continue
        sizes[stat.st_dev, stat.st_ino] = stat.st_size if not file.is_dir() else 0
    return sum(sizes.values())
