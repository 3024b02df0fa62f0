"""Whether sentences entail a claim, as somebody other than the writer judges it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Judgement(StrEnum):
    """What cited sentences do to a claim."""

    ENTAILED = "entailed"
    PARTIAL = "partial"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement with its reason."""

    judgement: Judgement
    why: str = ""

    @property
    def stands(self) -> bool:
        """Whether the claim may be published."""
        return self.judgement is Judgement.ENTAILED


@runtime_checkable
class Verifier(Protocol):
    """Judges one claim against the sentences that it cites, with nothing else in sight."""

    @property
    def name(self) -> str:
        """Who judges, as the article names it."""
        ...

    def judge(self, text: str, cited: Sequence[str]) -> Verdict:
        """The judgement on a text.

        Raises:
            ModelError: it could not judge; the claim is then not published.
        """
        ...


class Quotation:
    """Judges by identity of text: a claim stands if it is a whole sentence that it cites."""

    name = "quotation"

    def judge(self, text: str, cited: Sequence[str]) -> Verdict:
        """Entailed only where the text is the first sentence, letter for letter and whole."""
        if cited and text == cited[0]:
            return Verdict(Judgement.ENTAILED, "the sentence itself")
        return Verdict(Judgement.PARTIAL, "is not the sentence that it cites")
