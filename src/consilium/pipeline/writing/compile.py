"""Put what stands in its places, with all that safety wants; every check is made again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from consilium.domain.article import Claim, Support, SupportedClaim
from consilium.domain.evidence import Evidence, Origin, SourceKind
from consilium.domain.question import Plan
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.compose import Draft, claim_of, partners
from consilium.pipeline.safety import RedFlags
from consilium.pipeline.verify import verify
from consilium.pipeline.writing.inspect import flaws
from consilium.pipeline.writing.review import Reviewed
from consilium.pipeline.writing.select import Offered
from consilium.pipeline.writing.write import IN_SHORT, Proposal
from consilium.ports import Library

_WORDED = "chosen by the model, and put in its words"


class Compiler:
    """Compiles one answer from what the composer drafted and what stands of the model's words."""

    def __init__(
        self,
        plan: Plan,
        draft: Draft,
        evidence: Sequence[Evidence],
        library: Library,
        lexicon: Lexicon,
        flags: RedFlags,
    ) -> None:
        """``draft`` is the composer's: its act-now part, its lead and what safety wants stay as they are."""
        self._plan, self._draft, self._library, self._lexicon = plan, draft, library, lexicon
        self._evidence = {e.sentence.id: e for e in evidence}
        stays = {*flags.act_now, *flags.shows, *(c.sentence.id for c in draft.act_now)}
        self._stays = {c.sentence.id: c for c in draft.claims() if c.sentence.id in stays}

    def compiled(
        self, reviewed: Reviewed, quoted: Iterable[Offered]
    ) -> tuple[Draft, tuple[SupportedClaim, ...]]:
        """The draft of the article, and its claims in reading order.

        Args:
            quoted: sentences that are shown in their own words: selected inferences, and what could not
                be judged.
        """
        good = [(p, c) for p, c in reviewed.passed if self._still_stands(p, c)]
        support = {claim.id: claim for _, claim in good}
        opening = [c.claim for p, c in good if p.section == "in_short"]
        short, more = opening[:IN_SHORT], [c for c in opening[IN_SHORT:] if _of_one_sort(c)]
        rest = [*more, *(c.claim for p, c in good if p.section != "in_short")]
        body = [c for c in rest if not self._said(c)]
        whole = [*self._stays.values(), *(self._own_words(item) for item in quoted)]
        draft = self._placed(short, body, list({c.id: c for c in whole}.values()))
        supported, _ = verify(c for c in draft.claims() if c.id not in support)
        own = {claim.id: claim for claim in supported}
        shown = {c.id: c for c in draft.claims() if c.id in support or c.id in own}
        ordered = (self._as_shown(c, support.get(c.id) or own[c.id]) for c in shown.values())
        return draft, tuple(ordered)

    @staticmethod
    def _as_shown(claim: Claim, supported: SupportedClaim) -> SupportedClaim:
        return replace(supported, claim=claim)

    def _still_stands(self, proposal: Proposal, supported: SupportedClaim) -> bool:
        """Whether a claim passes all rules again, and each sentence is the library's, to the letter."""
        for _, sentence in supported.claim.cited:
            held = self._library.sentence(sentence.id)
            if held is None or held.sha256 != sentence.sha256 or sentence.id not in self._evidence:
                return False
        return not flaws(proposal, supported.claim, self._lexicon)

    def _said(self, claim: Claim) -> bool:
        """Whether all that a claim rests on stands there in its own words anyway."""
        return {s.id for _, s in claim.cited} <= set(self._stays)

    def _own_words(self, item: Offered) -> Claim:
        return claim_of(item.sentence, item.source, self._library)

    def _placed(self, short: list[Claim], body: list[Claim], whole: list[Claim]) -> Draft:
        draft = self._draft
        lead = self._lead([*body, *(c for c in short if len(c.cited) == 1)])
        said = {s.id for c in body for _, s in c.cited}
        body = [*body, *(c for c in whole if c.sentence.id not in said or c.sentence.id in self._stays)]
        short = short or draft.in_short
        if not body and not lead:
            body = [c for c in short if _of_one_sort(c)] or list(draft.in_short)
        everything = [*draft.act_now, *short, *([lead] if lead else []), *body]
        cited = [s for c in everything for _, s in c.cited]
        found = partners(cited, self._plan, self._library, ())
        body += [claim_of(sentence, source, self._library) for sentence, source in found]
        everything += body[len(body) - len(found) :]
        linked = _linked(everything)
        act_now = [linked[c.id] for c in draft.act_now]
        urgent = {c.id for c in act_now}
        ordered = [linked[c.id] for c in body if not lead or c.id != lead.id]
        advice = [c for c in ordered if c.source.kind is not SourceKind.STUDY]
        used = {s.id for c in everything for _, s in c.cited}
        return replace(
            draft,
            act_now=act_now,
            in_short=[linked[c.id] for c in short],
            lead=linked[lead.id] if lead else None,
            points=[c for c in advice if c.id not in urgent],
            findings=_findings(c for c in ordered if c not in advice and c.id not in urgent),
            chosen=self._chosen(used),
            why={**draft.why, **dict.fromkeys(used - set(draft.why), _WORDED)},
        )

    def _lead(self, body: Sequence[Claim]) -> Claim | None:
        """The composer's lead, in the model's words where those stand."""
        lead = self._draft.lead
        if lead is None:
            return None
        worded = (c for c in body if c.source.issues_advice and c.sentence.id == lead.sentence.id)
        return next(worded, lead)

    def _chosen(self, used: set[str]) -> list[Evidence]:
        """What gaps are told by: what is cited, and what the composer chose that asks for no note."""
        cited = [e for name, e in self._evidence.items() if name in used]
        return [*cited, *(e for e in self._draft.chosen if e.sentence.id not in used and not e.notes)]


def _of_one_sort(claim: Claim) -> bool:
    """Whether a claim rests on advice alone or on studies alone, so that it may stand in a section."""
    return len({source.issues_advice for source, _ in claim.cited}) == 1


def _findings(claims: Iterable[Claim]) -> list[Claim]:
    """Findings before what Consilium reasons from them."""
    return sorted(claims, key=lambda c: c.sentence.origin is Origin.INFERENCE)


def _linked(claims: Iterable[Claim]) -> dict[str, Claim]:
    """The claims by id, each with those that must stand beside it."""
    by_id = {claim.id: claim for claim in claims}
    by_sentence: dict[str, str] = {}
    for claim in reversed(list(by_id.values())):
        for _, sentence in claim.cited:
            by_sentence[sentence.id] = claim.id
    for claim in by_id.values():
        by_sentence[claim.sentence.id] = claim.id if len(claim.cited) == 1 else by_sentence[claim.sentence.id]
    return {
        name: replace(
            claim,
            partners=tuple(
                dict.fromkeys(
                    by_sentence[p]
                    for _, s in claim.cited
                    for p in s.pairs_with
                    if p in by_sentence and by_sentence[p] != name
                )
            ),
        )
        for name, claim in by_id.items()
    }


def is_worded(claim: SupportedClaim) -> bool:
    """Whether a claim is in other words than its sentence."""
    return claim.support is Support.ENTAILED
