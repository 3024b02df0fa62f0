"""A language model that records what another one says, and one that only says what is recorded."""

from __future__ import annotations

import contextlib
import datetime
import difflib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable

from consilium.adapters.models import heard as hearing
from consilium.adapters.models.cassettes import Exchange, Provenance, digest_of, unmarked
from consilium.adapters.models.heard import Heard, Hears
from consilium.errors import Cancelled, ModelTimeout, NotRecorded
from consilium.ports import ModelReply, ModelRequest

_LINES = 40  # of a difference that are shown


def _never() -> bool:
    return False


class Recorder:
    """A model that keeps what it hears of another; satisfies ``ports.Model``."""

    def __init__(self, model: Hears, today: datetime.date | None = None) -> None:
        """``today`` is the date that the recording bears."""
        self._model = model
        self._date = (today or datetime.datetime.now(datetime.UTC).date()).isoformat()
        self.exchanges: list[Exchange] = []

    @property
    def sent_to(self) -> str | None:
        """The host that the other sends requests to."""
        return self._model.sent_to

    def reply(
        self, request: ModelRequest, *, seconds: float, cancelled: Callable[[], bool] = _never
    ) -> ModelReply:
        """The other's reply; what it says is kept even where it is no reply."""
        heard = self._model.hear(request, seconds=seconds, cancelled=cancelled)
        self.exchanges.append(Exchange(request, heard, Provenance.RECORDED, self._date))
        return hearing.read(request, heard)


class Replayed:
    """A model that says what is recorded and never asks anybody; satisfies ``ports.Model``."""

    sent_to = None

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        """Of one request that was made several times, the replies come in order, the last again and again."""
        self._exchanges = tuple(exchanges)
        self._waiting: dict[str, list[Exchange]] = defaultdict(list)
        for exchange in self._exchanges:
            self._waiting[digest_of(exchange.request)].append(exchange)

    def reply(
        self, request: ModelRequest, *, seconds: float, cancelled: Callable[[], bool] = _never
    ) -> ModelReply:
        """The recorded reply, read as it would be if it came now."""
        return hearing.read(request, self.hear(request, seconds=seconds, cancelled=cancelled))

    def hear(self, request: ModelRequest, *, seconds: float, cancelled: Callable[[], bool] = _never) -> Heard:
        """What was said, in the pieces in which it came.

        Raises:
            NotRecorded: the request is another than any that is recorded; the message shows in what.
        """
        if cancelled():
            raise Cancelled
        if seconds <= 0:
            raise ModelTimeout
        waiting = self._waiting.get(digest_of(request))
        if not waiting:
            raise NotRecorded(self._missed(request))
        return (waiting.pop(0) if len(waiting) > 1 else waiting[0]).heard

    def _missed(self, request: ModelRequest) -> str:
        """In what the nearest of the recorded requests differs."""
        asked = _readable(request)
        nearest = max(
            self._exchanges, key=lambda held: _nearness(asked, held.request, request.stage), default=None
        )
        if nearest is None:
            return f"Nothing is recorded, and {request.stage} ({request.prompt}) was asked; nothing was sent out."
        lines = difflib.unified_diff(
            _readable(nearest.request), asked, "recorded", "asked now", lineterm="", n=1
        )
        shown = list(lines)
        more = [f"… and {len(shown) - _LINES} lines more"] if len(shown) > _LINES else []
        said = f"No reply is recorded to this request of {request.stage}; nothing was sent out. The nearest differs so:"
        return "\n".join([said, *shown[:_LINES], *more])


def _nearness(asked: list[str], held: ModelRequest, stage: str) -> tuple[bool, float]:
    likeness = difflib.SequenceMatcher(None, _readable(held), asked, autojunk=False).ratio()
    return held.stage == stage, likeness


def _readable(request: ModelRequest) -> list[str]:
    """A request by lines, so that a difference can be read."""
    material = unmarked(request.material)
    with contextlib.suppress(ValueError):
        material = json.dumps(json.loads(material), ensure_ascii=False, indent=1)
    schema = json.dumps(request.schema, ensure_ascii=False, indent=1, sort_keys=True)
    head = f"stage {request.stage}, prompt {request.prompt}, at most {request.most_tokens} tokens"
    parts = (head, "instructions:", request.instructions, "material:", material, "schema:", schema)
    return "\n".join(parts).splitlines()
