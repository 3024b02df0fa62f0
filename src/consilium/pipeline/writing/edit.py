"""From a composed draft to a written one: select, write, inspect, verify, repair, compile."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from consilium.domain.article import Article, Rendering, SupportedClaim
from consilium.domain.evidence import Evidence, Origin, Reason, Rejection
from consilium.domain.measure import Measured
from consilium.domain.question import Audience, Plan
from consilium.errors import ModelError
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.compose import Draft
from consilium.pipeline.safety import RedFlags
from consilium.pipeline.trace import Event
from consilium.pipeline.verify import verify
from consilium.pipeline.writing.compile import Compiler, is_worded
from consilium.pipeline.writing.desk import Desk
from consilium.pipeline.writing.log import Tried, Writing
from consilium.pipeline.writing.review import Reviewer
from consilium.pipeline.writing.reword import reword
from consilium.pipeline.writing.select import Offered, Selected, offer, select
from consilium.pipeline.writing.write import write
from consilium.ports import Library

Said = Event | SupportedClaim


@dataclass(frozen=True)
class Edited:
    """A draft with its supported claims, and how they were worded."""

    draft: Draft
    supported: tuple[SupportedClaim, ...]
    writing: Writing


def edit(
    plan: Plan,
    evidence: Sequence[Evidence],
    draft: Draft,
    library: Library,
    lexicon: Lexicon,
    flags: RedFlags,
    desk: Desk,
) -> Generator[Said, None, Edited]:
    """Yield what each stage did and each claim as it is verified; return what is to be assembled.

    Whatever fails is done by the composer, for that stage alone; nothing is half written.

    Raises:
        Cancelled: the asker has gone.
    """
    offered = offer(draft, ((e.sentence, e.source) for e in evidence))
    selected, left = _selected(plan, offered, draft, desk)
    yield Event("select", f"{len(selected)} of {len(offered)} passages kept")
    given = _with_partners([item.offered for item in selected], offered)
    log = replace(_begun(desk), selected=selected, left=left)
    try:
        proposals = write(plan, given, desk)
    except ModelError as fault:
        desk.fell_back("write", fault)
        yield Event("write", f"composed from whole sentences instead: {fault}")
        supported, _ = verify(draft.claims())
        yield from supported
        return Edited(draft, supported, _closed(log, desk, ()))
    yield Event("write", f"{len(proposals)} claims proposed")
    unmet = {e.sentence.id: e.unmet for e in evidence if e.unmet}
    reviewed = yield from Reviewer(lexicon, desk, unmet).review(proposals)
    said = sum(tried.fate in {"stands", "repaired"} for tried in reviewed.tried)
    yield Event("verify", f"{said} of {len(proposals)} claims stand")
    inferred = [item.offered for item in selected if item.offered.sentence.origin is Origin.INFERENCE]
    compiler = Compiler(plan, draft, evidence, library, lexicon, flags)
    made, supported = compiler.compiled(reviewed, [*inferred, *reviewed.unjudged])
    seen = {claim.id for _, claim in reviewed.passed}
    yield from (claim for claim in supported if claim.id not in seen)
    cited = {s.id for c in supported for _, s in c.claim.cited}
    made = replace(made, left_over=_left_over(made, evidence, left, reviewed.tried, cited))
    log = replace(log, used=any(map(is_worded, supported)))
    return Edited(made, supported, _closed(log, desk, reviewed.tried))


def _selected(
    plan: Plan, offered: Sequence[Offered], draft: Draft, desk: Desk
) -> tuple[tuple[Selected, ...], dict[str, str]]:
    """What the model keeps; where it cannot say, what the composer chose."""
    try:
        kept, gone = select(plan, offered, desk)
    except ModelError as fault:
        desk.fell_back("select", fault)
        chosen = {s.id for claim in draft.claims() for _, s in claim.cited}
        return tuple(Selected(item) for item in offered if item.sentence.id in chosen), {}
    return kept, dict(gone)


def _with_partners(kept: Sequence[Offered], offered: Sequence[Offered]) -> list[Offered]:
    """The selected sentences and, of those offered, what may not be parted from them."""
    names = {item.sentence.id for item in kept}
    beside = {partner for item in kept for partner in item.sentence.pairs_with}
    return [item for item in offered if item.sentence.id in names | beside]


def _left_over(
    draft: Draft, evidence: Sequence[Evidence], left: dict[str, str], tried: Sequence[Tried], cited: set[str]
) -> list[Rejection]:
    """Why each piece of evidence is not cited: as the composer said, or as came of writing."""
    dropped = {name: t.reasons for t in tried if t.fate == "dropped" for name in t.sentences}
    known = {r.candidate.sentence.id: r for r in draft.left_over}
    made: list[Rejection] = []
    for item in evidence:
        name = item.sentence.id
        if name in cited:
            continue
        if name in dropped:
            measured = Measured("its claim", dropped[name][0].split(":")[0], "supported", passed=False)
            why = "a claim was written from it, and could not be supported"
            made.append(Rejection(item.candidate, Reason.UNSUPPORTED, why, "verify", (measured,)))
        elif name in left:
            measured = Measured("selection", left[name], "kept", passed=False)
            made.append(Rejection(item.candidate, Reason.BELOW_FLOOR, left[name], "select", (measured,)))
        elif name in known:
            made.append(known[name])
        else:
            measured = Measured("written from", "no", "yes", passed=False)
            why = "is on topic; others say more"
            made.append(Rejection(item.candidate, Reason.OVER_BUDGET, why, "write", (measured,)))
    return made


def account_of(desk: Desk | None) -> Writing | None:
    """What has happened so far between an answer and the model, where there is one."""
    return _closed(_begun(desk), desk, ()) if desk else None


def _begun(desk: Desk) -> Writing:
    return Writing(desk.writer.name, sent_to=desk.writer.model.sent_to)


def _closed(log: Writing, desk: Desk, tried: Sequence[Tried]) -> Writing:
    return replace(
        log,
        calls=tuple(desk.calls),
        fallbacks=tuple(desk.fallbacks),
        sent=len(desk.sent),
        flagged=desk.flagged,
        tried=tuple(tried),
    )


def tailored(
    article: Article, plain: Rendering, writing: Writing, lexicon: Lexicon, desk: Desk
) -> tuple[Rendering, Writing]:
    """The wording for the asker's audience; a clinician reads what was verified."""
    if plain.audience == Audience.CLINICIAN.value or not writing.used:
        return plain, writing
    made, told = reword(article, plain, lexicon, desk)
    closed = _closed(writing, desk, writing.tried)
    return made, replace(closed, reworded=told)
