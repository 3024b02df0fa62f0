"""``--explain``: the plan, the candidates with their scores, and each rejection's reason."""

from __future__ import annotations

from consilium import wiring
from consilium.pipeline.answer import World
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
    lines.append(f"Retrieved: {len(trace.candidates)}. Admitted (score, coverage, intent):")
    for item in trace.evidence:
        lines.append(
            f"  {item.score:.3f} {item.coverage:.2f} {item.intent:.1f}  {item.sentence.id}  "
            f"{item.sentence.text[:80]}"
        )
    lines.append("Turned away (retrieval score, reason):")
    for gone in sorted(trace.rejections, key=lambda r: (-r.candidate.score, r.candidate.sentence.id)):
        lines.append(
            f"  {gone.candidate.score:.2f}  {gone.reason.value:<18} {gone.candidate.sentence.id}: {gone.detail}"
        )
    return "\n".join(lines)
