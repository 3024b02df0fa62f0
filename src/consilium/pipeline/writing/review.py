"""Hold each proposal against its sentences: rules first, then a judge; once again after repair."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field

from consilium.domain.article import Support, SupportedClaim
from consilium.errors import ModelError
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.verify import QUOTATION, support_of
from consilium.pipeline.writing.claims import claim_of
from consilium.pipeline.writing.desk import Desk
from consilium.pipeline.writing.inspect import flaws
from consilium.pipeline.writing.judge import ModelJudge
from consilium.pipeline.writing.log import Tried
from consilium.pipeline.writing.select import Offered
from consilium.pipeline.writing.verdicts import Quotation, Verifier
from consilium.pipeline.writing.write import Proposal, repair

Failed = tuple[int, Proposal, tuple[str, ...]]


@dataclass
class Reviewed:
    """What became of a draft.

    Attributes:
        stands: proposals that stand, each with its claim, by their place in the draft.
        unjudged: sentences of proposals that nobody could judge; they are quoted instead.
    """

    stands: dict[int, tuple[Proposal, SupportedClaim]] = field(default_factory=dict)
    unjudged: list[Offered] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)

    @property
    def passed(self) -> list[tuple[Proposal, SupportedClaim]]:
        """What stands, in the order in which it was written; what was repaired keeps its place."""
        return [self.stands[place] for place in sorted(self.stands)]

    def note(self, proposal: Proposal, reasons: Sequence[str], fate: str) -> None:
        """Keep what was tried."""
        ids = tuple(item.sentence.id for item in proposal.sentences)
        self.tried.append(Tried(proposal.text, ids, proposal.section, tuple(reasons), fate))


class Reviewer:
    """Reviews the proposals of one answer."""

    def __init__(self, lexicon: Lexicon, desk: Desk, unmet: Mapping[str, Sequence[str]]) -> None:
        """``unmet``: what a sentence depends on and the question does not state, by its id."""
        self._lexicon, self._desk, self._unmet = lexicon, desk, unmet
        self._judge: Verifier = desk.writer.verifier or ModelJudge(desk)
        self._down = False

    def review(self, proposals: Sequence[Proposal]) -> Generator[SupportedClaim, None, Reviewed]:
        """Yield each claim as it passes; what fails is written again once, and else dropped."""
        done = Reviewed()
        failed: list[Failed] = []
        for place, proposal in enumerate(proposals):
            verdict = self._tested(proposal)
            if isinstance(verdict, SupportedClaim):
                done.stands[place] = proposal, verdict
                done.note(proposal, (), "stands")
                yield verdict
            elif verdict is None:
                done.unjudged += proposal.sentences
                done.note(proposal, ("not_judged",), "quoted instead")
            else:
                failed.append((place, proposal, verdict))
        if failed:
            yield from self._repaired(failed, done)
        return done

    def _repaired(self, failed: Sequence[Failed], done: Reviewed) -> Generator[SupportedClaim, None, None]:
        again: Mapping[int, Proposal] = {}
        try:
            again = repair([(proposal, reasons) for _, proposal, reasons in failed], self._desk)
        except ModelError as fault:
            self._desk.fell_back("repair", fault)
        for number, (place, proposal, reasons) in enumerate(failed):
            new = again.get(number)
            verdict = self._tested(new) if new else reasons
            if new and isinstance(verdict, SupportedClaim):
                done.stands[place] = new, verdict
                done.note(new, reasons, "repaired")
                yield verdict
            elif verdict is None:
                done.unjudged += proposal.sentences
                done.note(proposal, reasons, "quoted instead")
            else:
                both = (*reasons, *(verdict if isinstance(verdict, tuple) and new else ()))
                done.note(proposal, tuple(dict.fromkeys(both)), "dropped")

    def _tested(self, proposal: Proposal) -> SupportedClaim | tuple[str, ...] | None:
        """The supported claim, or why there is none; None where nobody could judge it."""
        claim = claim_of(proposal, self._unmet)
        cited = [sentence.text for _, sentence in claim.cited]
        found = flaws(proposal, claim, self._lexicon)
        if found:
            return tuple(f"{flaw.code}: {flaw.detail}" for flaw in found)
        if Quotation().judge(claim.text, cited).stands:
            return SupportedClaim(claim, support_of(claim), QUOTATION)
        if self._down:
            return None
        try:
            verdict = self._judge.judge(claim.text, cited)
        except ModelError as fault:
            self._down = True
            self._desk.fell_back("verify", fault)
            return None
        if verdict.stands:
            return SupportedClaim(claim, Support.ENTAILED, self._judge.name)
        return (f"{verdict.judgement.value}: {verdict.why}",)
