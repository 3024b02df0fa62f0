"""Files of works are read part by part, here or in a process beside this one, and nothing else is done with them."""

from __future__ import annotations

import hashlib
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from consilium.adapters.library.journal import Key
from consilium.adapters.library.works import Prepared, prepared
from consilium.adapters.sources.opened import Tick
from consilium.adapters.sources.readings import Deleted, Reading, Skipped
from consilium.errors import ConsiliumError, MalformedSource

# A part is closed at whichever of these it reaches first; so memory does not grow with the works.
_RECORDS, _BYTES = 1000, 4_000_000
_AHEAD = 4  # parts that the process beside may be in advance
# Starting a process costs as long as reading so much.
_WORTH_IT = 4_000_000
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """A file of works.

    Attributes:
        read: gives what is in it, and tells how many bytes of it have been read; to be read beside, it must be a function of a module, or a partial of one.
        how: in what way it is read, for the journal: its kind, what is said of it, the version of the reader.
        collection: where its works go.
    """

    path: Path
    read: Callable[[Tick], Iterable[Reading]]
    how: str
    collection: str


@dataclass(slots=True)
class Part:
    """Some of what a file gives, in its order.

    Attributes:
        file: the number of the file among those given.
        read: how many readings are in it.
        size: how many bytes of text.
        position: up to which byte the file has been read.
        finished: whether the file ends with it.
        resumed: whether an earlier run had read what stands before.
        known: whether the file had been read before, so that nothing of it is here.
        fault: why the file cannot be read on.
    """

    file: int
    digest: str
    items: list[Prepared | Deleted] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    read: int = 0
    size: int = 0
    position: int = 0
    finished: bool = False
    known: bool = False
    fault: str | None = None
    resumed: bool = False

    def __add__(self, later: Part) -> Part:
        """Two parts of one file, the later one after this."""
        items, skipped = self.items + later.items, self.skipped + later.skipped
        read, size = self.read + later.read, self.size + later.size
        return replace(later, items=items, skipped=skipped, read=read, size=size)


# How much of a file was taken in, or None where all of it was.
Known = Mapping[Key, int | None]


def parts(files: Sequence[File], known: Known) -> Iterator[Part]:
    """What is in the files, part by part, without what is known already."""
    for number, file in enumerate(files):
        try:
            digest = _digest(file.path)
        except OSError as fault:
            yield Part(number, "", fault=f"{file.path}: cannot be read ({fault.strerror or fault}).")
            continue
        done = known.get((digest, file.how, file.collection), 0)
        if done is None:
            yield Part(number, digest, finished=True, known=True)
        else:
            yield from _parts(number, file, digest, done)


def _parts(number: int, file: File, digest: str, done: int) -> Iterator[Part]:
    part, position = Part(number, digest, resumed=done > 0), 0

    def tick(at: int) -> None:
        nonlocal position
        position = at

    try:
        for reading in islice(file.read(tick), done, None):
            part.read += 1
            if isinstance(reading, Skipped):
                part.skipped.append(reading)
            elif isinstance(reading, Deleted):
                part.items.append(reading)
            else:
                made = prepared(reading)
                part.items.append(made)
                part.size += len(made.text)
            if part.read >= _RECORDS or part.size >= _BYTES:
                part.position = position
                yield part
                part = Part(number, digest, resumed=done > 0)
        part.finished = True
    except MalformedSource as fault:
        part.fault = str(fault)
    except OSError as fault:
        part.fault = f"{file.path}: cannot be read on ({fault.strerror or fault})."
    except ConsiliumError:
        raise
    except Exception as fault:  # noqa: BLE001 - a slip of a reader in one file may not lose the others
        part.fault = f"{file.path}: its reader failed ({type(fault).__name__}: {fault}); please report it."
    part.position = position
    yield part


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def parts_beside(files: Sequence[File], known: Known) -> Iterator[Part]:
    """The same, read in a process beside this one where there is enough to read."""
    if sum(_size(file.path) for file in files) < _WORTH_IT:
        yield from parts(files, known)
        return
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    reader = spawn.Process(target=_read, args=(there, list(files), dict(known)), daemon=True)
    reader.start()
    there.close()
    try:
        for _ in range(_AHEAD):
            here.send(None)
        while isinstance(part := here.recv(), Part):
            here.send(None)
            yield part
        if isinstance(part, ConsiliumError):
            raise part
    except (EOFError, BrokenPipeError):
        raise MalformedSource(
            "The process that was reading ended by itself; what it had read is kept. Free some memory, or "
            "add fewer files at once, and run the command again: it goes on from there."
        ) from None
    finally:
        here.close()
        reader.terminate()
        reader.join()


def _read(pipe: Connection, files: Sequence[File], known: Known) -> None:
    """Read on as long as somebody asks for more; when nobody is there any more, end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks for more ends this
    try:
        for part in parts(files, known):
            pipe.recv()
            pipe.send(part)
        pipe.recv()
        pipe.send(None)
        while True:  # the rest of what was asked for; then the other end is closed
            pipe.recv()
    except ConsiliumError as fault:
        pipe.send(fault)
    except (EOFError, OSError):
        return


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
