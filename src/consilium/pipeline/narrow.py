"""Where nothing covers all that a question names, ask about its main disease and say so.

"Her legs went weak after a stomach bug and it's Guillain-Barré: how is it treated?" names two
diseases; nothing need hold of both. What is left aside is told to the reader as a gap.
Doses, harms and interactions are never narrowed: there, every word counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from consilium.domain.question import Intent, Plan
from consilium.ports import TextIndex

_STRICT = {Intent.DOSING, Intent.HARM, Intent.MONITORING}


def narrowed(plan: Plan, index: TextIndex) -> Iterator[Plan]:
    """The plan with one of its diseases as the topic and the others as its setting, rarest first."""
    diseases = [t for t in plan.terms if t.kind == "condition" and not t.context and t.either is None]
    held = all(index.frequency(t.concept or "") for t in diseases)
    if len(diseases) < 2 or not held or plan.intent in _STRICT:
        return  # a disease that the library does not know may well be the point of the question
    for main in sorted(diseases, key=lambda t: -t.weight):
        aside = [t for t in diseases if t is not main]
        yield replace(
            plan,
            terms=tuple(replace(t, context=True) if t in aside else t for t in plan.terms),
            aside=tuple(t.words for t in aside),
        )


def set_aside(words: tuple[str, ...]) -> str:
    """The sentence that tells what was left aside."""
    named = ", ".join(f"“{word}”" for word in words)
    return f"Nothing here deals with {named} as well; this answer leaves it aside."
