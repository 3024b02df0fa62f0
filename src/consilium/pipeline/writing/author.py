"""The model's part in one answer, stage by stage, as the flow of ``pipeline/answer.py`` calls it."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from consilium.domain.article import Article, Rendering
from consilium.domain.evidence import Evidence, Rejection
from consilium.domain.question import FollowUp, Plan
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.compose import Draft
from consilium.pipeline.safety import RedFlags
from consilium.pipeline.writing.desk import Desk
from consilium.pipeline.writing.edit import Edited, Said, account_of, edit, tailored
from consilium.pipeline.writing.log import Writing
from consilium.pipeline.writing.planning import Planner, helped
from consilium.pipeline.writing.suspicion import screened, unnamed
from consilium.ports import Library, TextIndex


class Author:
    """Writes one answer; whatever it cannot do is left as the composer has it, and noted."""

    def __init__(self, desk: Desk) -> None:
        """``desk`` is what passes between this answer and the model."""
        self._desk = desk

    @property
    def account(self) -> Writing:
        """What has happened so far."""
        return account_of(self._desk)

    def planned(
        self, plan: Plan, earlier: FollowUp | None, lexicon: Lexicon, index: TextIndex, planner: Planner
    ) -> Plan:
        """The plan with what the model adds."""
        return helped(plan, earlier, lexicon, index, planner, self._desk)

    def screened(self, evidence: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], tuple[Rejection, ...]]:
        """Evidence without what reads as if meant for a machine: it is not shown to one, nor published."""
        kept, gone = screened(evidence)
        self._desk.flagged = {rejection.candidate.sentence.id: rejection.detail for rejection in gone}
        return kept, gone

    def worded(
        self,
        plan: Plan,
        evidence: Sequence[Evidence],
        draft: Draft,
        flags: RedFlags,
        library: Library,
        lexicon: Lexicon,
    ) -> Generator[Said, None, Edited]:
        """The composer's draft in the model's words, as far as they stand."""
        return edit(plan, evidence, draft, library, lexicon, flags, self._desk)

    def tailored(
        self, article: Article, plain: Rendering, writing: Writing, lexicon: Lexicon
    ) -> tuple[Rendering, Writing]:
        """The article for the asker's audience."""
        return tailored(article, plain, writing, lexicon, self._desk)

    @staticmethod
    def unnamed(rejections: Sequence[Rejection]) -> tuple[Rejection, ...]:
        """Rejections as a reader may see them."""
        return unnamed(rejections)
