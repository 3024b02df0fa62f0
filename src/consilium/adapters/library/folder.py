"""Where one library lives on disk, which generation of it is in use, and who may write it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from consilium.errors import LibraryError

Report = Callable[[str], None]
# Brings store and index up to date under these headings; the caller holds the writer's lock.
Refresh = Callable[[Path | None], None]
_WAIT = 120.0
_KEEP = 2


@dataclass(frozen=True)
class Folder:
    """Where one library lives on disk."""

    path: Path

    @property
    def database(self) -> Path:
        """The store."""
        return self.path / "library.sqlite3"

    @property
    def index(self) -> Path:
        """The folder of index generations."""
        return self.path / "index"

    @property
    def works(self) -> Path:
        """The folder of generations of the index of passages."""
        return self.path / "works"

    @property
    def vectors(self) -> Path:
        """The folder of vectors."""
        return self.path / "vectors"

    @property
    def mesh(self) -> Path:
        """The folder of MeSH headings."""
        return self.path / "mesh"

    @property
    def pointer(self) -> Path:
        """The file that names the current generation."""
        return self.path / "CURRENT"

    def stamp(self) -> tuple[int, int] | None:
        """What differs as soon as another generation is in use, or the same one built anew."""
        try:
            pointer = self.pointer.stat()
        except OSError:
            return None
        return pointer.st_mtime_ns, pointer.st_ino

    def current(self) -> str | None:
        """The name of the current generation, or None."""
        name = self._line(0)
        return name if name and (self.index / name / "meta.json").exists() else None

    def headings(self) -> Path | None:
        """The file of MeSH headings in use, or None."""
        name = self._line(1)
        return self.mesh / name if name else None

    def passages(self) -> Path | None:
        """The generation of the index of passages in use; None where there are no works."""
        name = self._line(2)
        return self.works / name if name else None

    def switch(self, name: str, headings: Path | None, passages: Path | None) -> None:
        """Use other generations from now on, all in one rename, and drop those that are no longer needed."""
        before = self.headings()
        lines = (name, headings.name if headings else "", passages.name if passages else "")
        pointer = self.pointer.with_suffix(".new")
        with pointer.open("w", encoding="utf-8") as file:
            file.write("\n".join(lines).rstrip() + "\n")
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.pointer)
        self._tidy({self.index / name, passages}, {headings, before})

    def drop_old(self) -> None:
        """Drop every generation but those in use."""
        self._tidy({self.index / (self._line(0) or ""), self.passages()}, {self.headings()}, keep=1)

    def _tidy(self, used: set[Path | None], headings: set[Path | None], keep: int = _KEEP) -> None:
        """Drop old generations; the last ones stay for readers that have just read CURRENT."""
        for stale in (*self.index.glob("building-*"), *self.works.glob("building-*")):
            shutil.rmtree(stale, ignore_errors=True)
        for all_ in (self.index.glob("g-*"), self.works.glob("p-*")):
            old = sorted(set(all_) - used, key=lambda path: path.stat().st_mtime, reverse=True)
            for path in old[keep - 1 :]:
                shutil.rmtree(path, ignore_errors=True)
        for path in self.mesh.glob("*"):
            if path not in headings:
                path.unlink(missing_ok=True)

    def _line(self, number: int) -> str | None:
        try:
            lines = self.pointer.read_text("utf-8").split("\n")
        except OSError:
            return None
        return lines[number].strip() if number < len(lines) else None


class writing:  # noqa: N801 - reads as a statement
    """The single writer of a folder; others wait, and are told."""

    def __init__(self, folder: Folder, report: Report, *, patience: float = _WAIT) -> None:
        """Take the lock of ``folder`` on entry; ``report`` is told when that means waiting.

        Args:
            patience: for how many seconds to wait; less than none: as long as it takes.
        """
        self._folder, self._report, self._patience = folder, report, patience

    def __enter__(self) -> None:
        try:
            self._folder.index.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(str(self._folder.path / "write.lock"))
            try:
                self._lock.acquire(timeout=0.2)
            except Timeout:
                self._report("Another process is writing this library; waiting for it …")
                self._lock.acquire(timeout=self._patience)
        except Timeout:
            raise LibraryError(
                f"Another process has been writing {self._folder.path} for {self._patience:.0f} s; "
                "end it, or wait and try again."
            ) from None
        except OSError as fault:
            raise LibraryError(
                f"{self._folder.path} cannot be written ({fault.strerror or fault}). Choose "
                "another folder with --library or CONSILIUM_DATA_DIR."
            ) from fault

    def __exit__(self, *_: object) -> None:
        self._lock.release()
