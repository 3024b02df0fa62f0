"""A language model at a service: the ladder of shapes, one more try, and the clock over all of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial

from consilium.adapters.models import speech
from consilium.adapters.models.calls import awaited, rest
from consilium.adapters.models.failures import Failure
from consilium.adapters.models.heard import Heard, is_whole, read
from consilium.adapters.models.service import Mode, ModelService
from consilium.errors import Cancelled, ModelError, ModelRefused, ModelTimeout
from consilium.ports import ModelReply, ModelRequest

_PAUSE = 0.5  # before the other try, where the service does not say how long
_NEVER: Callable[[], bool] = lambda: False  # noqa: E731


class Endpoint:
    """A service of language models; satisfies ``ports.Model``."""

    def __init__(self, service: ModelService, modes: Mapping[str, Mode] | None = None) -> None:
        """``modes``: how each model of the service is known to keep to a shape.

        Raises:
            ImportError: what speaks its protocol is not installed.
        """
        speech.prepare(service)
        self._service, self._modes = service, dict(modes or {})

    @property
    def sent_to(self) -> str | None:
        """The host of the service, unless that is this machine."""
        return self._service.host

    @property
    def modes(self) -> Mapping[str, Mode]:
        """How each model is made to keep to a shape, as far as that is known."""
        return dict(self._modes)

    def reply(
        self, request: ModelRequest, *, seconds: float, cancelled: Callable[[], bool] = _NEVER
    ) -> ModelReply:
        """The whole reply within ``seconds``, or an error."""
        return read(request, self.hear(request, seconds=seconds, cancelled=cancelled))

    def hear(self, request: ModelRequest, *, seconds: float, cancelled: Callable[[], bool] = _NEVER) -> Heard:
        """What was said to the end.

        Where the way to ask for a shape is not known, they are tried in turn; where it is, and the
        service does not take this shape in that way, the ways below it are.

        Raises:
            ModelError: nothing was said, or not to the end.
            Cancelled: ``cancelled`` said so.
        """
        name = self._service.model_for(request.stage)
        known = self._modes.get(name)
        asking = _Asking(self._service, name, request, time.monotonic() + seconds, cancelled)
        ways = tuple(Mode)
        for mode in ways[ways.index(known) :] if known else ways:
            heard = asking.heard(mode)
            if mode is not Mode.PROMPTED and _another_way_may_do(request, heard, known=known is not None):
                continue
            if isinstance(heard, Failure):
                raise heard.error
            if not known and _fits(request, heard):
                self._modes[name] = mode
            return heard
        raise ModelError  # never: whatever comes of the last way was returned or raised


def _another_way_may_do(request: ModelRequest, heard: Heard | Failure, *, known: bool) -> bool:
    """Whether it may be for the way in which the shape was asked for that there is no reply."""
    if isinstance(heard, Failure):
        return heard.lower and (not known or isinstance(heard.error, ModelRefused))
    return not known and is_whole(heard) and not _fits(request, heard)


def _fits(request: ModelRequest, heard: Heard) -> bool:
    """Whether what was heard is a reply, in its shape."""
    try:
        read(request, heard)
    except ModelError:
        return False
    return True


class _Asking:
    """One request to one model: one more try of all, whatever the shape, and one deadline."""

    def __init__(
        self,
        service: ModelService,
        name: str,
        request: ModelRequest,
        deadline: float,
        cancelled: Callable[[], bool],
    ) -> None:
        self._service, self._name, self._request = service, name, request
        self._deadline, self._cancelled = deadline, cancelled
        self._spare = 1

    def heard(self, mode: Mode) -> Heard | Failure:
        """What was said, or why nothing was, after the one other try where that may help."""
        outcome = self._once(mode)
        if isinstance(outcome, Failure) and outcome.again and self._spare:
            wait = _PAUSE if outcome.wait is None else outcome.wait
            if time.monotonic() + wait >= self._deadline:
                raise outcome.error
            self._spare = 0
            rest(wait, self._cancelled)
            outcome = self._once(mode)
        return outcome

    def _once(self, mode: Mode) -> Heard | Failure:
        if self._cancelled():
            raise Cancelled
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise ModelTimeout
        seconds = min(self._service.request_seconds, left)
        work = partial(speech.hear, self._service, self._name, self._request, mode, seconds)
        return awaited(work, seconds=seconds, cancelled=self._cancelled)
