"""Answers from outside, kept on disk with the day on which they were given.

An entry is one file: a line of JSON that says what it is, then the body as it came. What does not match its
own digest is as if it were not there.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from consilium.errors import ConfigurationError

_MOST_ENTRIES = 2_000
_SHOWN = "%Y-%m-%dT%H:%M:%SZ"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: where it came from, when it was last confirmed, and by what it can be asked for again.

    Attributes:
        address: without keys.
        fetched: the moment at which the service gave or confirmed it, UTC.
        tag: its ``ETag``, or None.
        modified: its ``Last-Modified``, or None.
    """

    address: str
    fetched: str
    tag: str | None
    modified: str | None
    body: bytes

    def is_fresh(self, seconds: float, now: datetime.datetime) -> bool:
        """Whether it is younger than ``seconds``; what comes from the future is not."""
        moment = datetime.datetime.strptime(self.fetched, _SHOWN).replace(tzinfo=datetime.UTC)
        return datetime.timedelta() <= now - moment < datetime.timedelta(seconds=seconds)


class Cache:
    """A folder of answers, readable by its owner only."""

    def __init__(self, folder: Path, now: Callable[[], datetime.datetime] = _now) -> None:
        """The folder is made when the first answer is kept; ``now`` is the clock."""
        self._folder, self.now = folder, now

    def find(self, address: str) -> Kept | None:
        """What is kept of an address; None where nothing is, or nothing that can be read."""
        try:
            head, _, body = self._file(address).read_bytes().partition(b"\n")
            told = json.loads(head)
            digest = told.pop("sha256")
            kept = Kept(**told, body=body)
            kept.is_fresh(0, self.now())
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return kept if kept.address == address and hashlib.sha256(body).hexdigest() == digest else None

    def keep(self, address: str, tag: str | None, modified: str | None, body: bytes) -> Kept:
        """Keep an answer, in place of an earlier one.

        Raises:
            ConfigurationError: the folder cannot be written.
        """
        kept = Kept(address, self.now().strftime(_SHOWN), tag, modified, body)
        told = {k: v for k, v in asdict(kept).items() if k != "body"}
        head = json.dumps(told | {"sha256": hashlib.sha256(body).hexdigest()})
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
            with os.fdopen(handle, "wb") as file:
                file.write(head.encode() + b"\n" + body)
            Path(name).replace(self._file(address))
            self._tidy()
        except OSError as fault:
            raise ConfigurationError(
                f"{self._folder} cannot be written ({fault.strerror or fault}); answers from outside are kept "
                "there. Choose another folder with --library or CONSILIUM_DATA_DIR."
            ) from fault
        return kept

    def _file(self, address: str) -> Path:
        return self._folder / f"{hashlib.sha256(address.encode()).hexdigest()}.answer"

    def _tidy(self) -> None:
        """Drop the oldest entries beyond the most that are kept, and what a dead process left half-written."""
        held = sorted(self._folder.iterdir(), key=_changed, reverse=True)
        for path in held[_MOST_ENTRIES:]:
            path.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    """When a file was last written; long ago where another process has just removed it."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
