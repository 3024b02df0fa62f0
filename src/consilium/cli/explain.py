"""``--explain``: the plan, and for each statement that was found all that decided about it."""

from __future__ import annotations

from consilium import wiring
from consilium.adapters.renderings.explanation import explanation
from consilium.pipeline.answer import World
from consilium.pipeline.examine import brought, examined
from consilium.pipeline.trace import Outcome


def explain(outcome: Outcome, world: World) -> str:
    """The trace of an answer as plain text."""
    plan, trace = outcome.trace.plan, outcome.trace
    lines = ["", "How this answer came about", "=" * 26]
    if plan:
        lines += [f"Understood: {plan.understood}"]
        lines += [f"Read {typed!r} as {meant!r}" for typed, meant in plan.corrections]
        lines += [
            f"Intents: {', '.join(i.value for i in plan.intents)}; "
            f"beside them: {', '.join(i.value for i in plan.companions) or 'none'}"
        ]
        if plan.age:
            lines.append(f"Age: {plan.age.words}")
        lines.append("Terms (weight, kind):")
        for term in plan.terms:
            name = world.lexicon.name(term.concept) if term.concept else f"“{term.words}” (unknown)"
            taken = " (taken over)" if term.inherited else ""
            lines.append(f"  {term.weight:.2f}  {term.kind:<10} {name}{taken}")
    lines.append(f"Searched {wiring.how_searched(world).rstrip('.')}.")
    if trace.consulted:
        lines += [f"PubMed was asked for {of}: {len(ids)} more" for of, ids in trace.consulted.found]
        lines += [f"Sent outside this machine: {what}, to {to}" for to, what in trace.consulted.sent]
        lines += trace.consulted.unreached
    if trace.appraisal is None:
        return "\n".join([*lines, "Nothing was looked for: see above why."])
    if plan and plan.aside:
        lines.append(f"Nothing covers all of it; left aside: {', '.join(plan.aside)}")
    parts = [*lines, explanation(examined(outcome), brought(outcome))]
    if trace.writing:
        from consilium.adapters.renderings.account import account  # noqa: PLC0415 - brings the rules of writing

        parts += account(trace.writing)
    return "\n".join(parts)
