"""How an article was worded with a model: every call, what was kept, what was tried and what became of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from consilium.pipeline.writing.desk import Call
from consilium.pipeline.writing.log import Reworded, Writing

WIDTH = 96


def account(writing: Writing) -> Iterator[str]:
    """The account as lines of at most 96 columns."""
    yield from ("", "How it was worded", "-" * 17)
    used = "" if writing.used else "; no claim is in its words"
    yield f"Model: {writing.by}{used}. Passages sent: {writing.sent}, to {writing.sent_to or 'this machine'}."
    for call in writing.calls:
        yield _call(call)
    money = "not known" if writing.cost is None else f"{writing.cost:.4f} US dollars"
    yield (
        f"  in all: {writing.tokens_in} tokens in, {writing.tokens_out} out, {writing.seconds:.1f} s; cost {money}"
    )
    for fallback in writing.fallbacks:
        yield from _wrapped(f"Without the model at {fallback.stage}: {fallback.why}", "  ")
    for name, why in writing.flagged.items():
        yield from _wrapped(f"Not shown to the model: {name} {why}", "  ")
    for kept in writing.selected:
        anchor = f": “{kept.anchor}”" if kept.anchor else ""
        yield from _wrapped(f"kept {kept.offered.sentence.id} ({kept.relation}, {kept.stance}){anchor}", "  ")
    for name, why in writing.left.items():
        yield from _wrapped(f"left {name}: {why}", "  ")
    for tried in writing.tried:
        said = f" ({'; '.join(tried.reasons)})" if tried.reasons else ""
        rests = ", ".join(tried.sentences)
        yield from _wrapped(f"{tried.fate}, {tried.section}: {tried.text} [{rests}]{said}", "  ")
    if writing.reworded:
        yield from _reworded(writing.reworded)


def _call(call: Call) -> str:
    counted = "" if call.counted else ", estimated"
    return (
        f"  {call.stage:<8} {call.prompt} {call.sha256[:12]}  {call.model}: "
        f"{call.tokens_in} in, {call.tokens_out} out{counted}, {call.seconds:.1f} s"
    )


def _reworded(reworded: Reworded) -> Iterator[str]:
    yield (
        f"For a {reworded.audience}: {reworded.kept} of {reworded.asked} claims reworded. Reading grade: "
        f"ARI {reworded.ari}, Coleman-Liau {reworded.coleman_liau}."
    )
    for name, why in reworded.reasons:
        yield from _wrapped(f"{name} stays as it was: {why}", "  ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
