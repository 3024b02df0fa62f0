"""What one question may cost of a language model: tokens, money and time, drawn on by every stage."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from consilium.errors import ModelError
from consilium.ports import ModelReply

# Design of record: about 11,000 tokens in and 2,200 out a question. The rest is for repairs and for
# tokenizers that count more.
TOKENS, SECONDS = 40_000, 120.0
# What a reply counts for whose service does not count: a stage of average size, in and out.
UNCOUNTED_TOKENS = 4_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one question may cost.

    Attributes:
        cost: in US dollars; None where it is not limited, and of no effect where prices are not known.
    """

    tokens: int = TOKENS
    cost: float | None = None
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class Spent:
    """What a question has cost so far.

    Attributes:
        cost: of the replies whose price is known.
        unpriced: how many replies had no known price.
    """

    replies: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    unpriced: int = 0


class Budget:
    """The purse of one question; several stages may draw on it at once."""

    def __init__(
        self, allowance: Allowance | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """The time runs from now."""
        self._allowance, self._clock = allowance or Allowance(), clock
        self._deadline = clock() + self._allowance.seconds
        self._spent, self._uncounted = Spent(), 0
        self._lock = threading.Lock()

    @property
    def spent(self) -> Spent:
        """What has been spent, as far as it was counted."""
        return self._spent

    @property
    def remaining_seconds(self) -> float:
        """How long the next request may take; asked before each.

        Raises:
            ModelError: tokens, money or time are used up.
        """
        left = self._deadline - self._clock()
        used_up = self._used_up(left)
        if used_up:
            raise ModelError(f"The budget of the question is used up: {used_up}.")
        return left

    def spend(self, reply: ModelReply) -> None:
        """Note a reply; it is paid for, so it may be used even if it is the last."""
        counted = reply.tokens_in is not None or reply.tokens_out is not None
        with self._lock:
            before = self._spent
            self._uncounted += 0 if counted else UNCOUNTED_TOKENS
            self._spent = Spent(
                before.replies + 1,
                before.tokens_in + (reply.tokens_in or 0),
                before.tokens_out + (reply.tokens_out or 0),
                before.cost + (reply.cost or 0.0),
                before.unpriced + (reply.cost is None),
            )

    def _used_up(self, left: float) -> str:
        spent, allowed = self._spent, self._allowance
        if left <= 0:
            return f"{allowed.seconds:g} seconds"
        if spent.tokens_in + spent.tokens_out + self._uncounted >= allowed.tokens:
            return f"{allowed.tokens:,} tokens"
        if allowed.cost is not None and spent.cost >= allowed.cost:
            return f"{allowed.cost:g} US dollars"
        return ""
