"""What is certainly wrong with a proposed claim, told by rules before anybody judges it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consilium.domain.article import Claim
from consilium.domain.evidence import Checked, Origin, StatementKind
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold, tokens
from consilium.lexicon.recognise import read
from consilium.pipeline.checks.claim import check
from consilium.pipeline.checks.faults import CitedWords
from consilium.pipeline.writing.claims import graded
from consilium.pipeline.writing.suspicion import suspicious
from consilium.pipeline.writing.write import Proposal

_MOST_WORDS, _LONGEST = 70, 600
_MOST_LONGER, _MARGIN = 2, 8


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is certainly wrong: a code, and the words that the model is told it in."""

    code: str
    detail: str


def flaws(proposal: Proposal, claim: Claim, lexicon: Lexicon) -> tuple[Flaw, ...]:
    """Everything that keeps a proposed claim from being published."""
    return (*_standing(proposal, claim), *_wording(claim, lexicon))


def _standing(proposal: Proposal, claim: Claim) -> Iterator[Flaw]:
    """Whether it may stand where it would, on what it rests on."""
    cited = claim.cited
    advice = [s for source, s in cited if s.kind is StatementKind.RECOMMENDATION and source.issues_advice]
    if proposal.kind == "recommendation" and claim.kind is not StatementKind.RECOMMENDATION:
        yield Flaw("advice_without_guideline", "no cited sentence of a guideline recommends this")
    if advice and not all(source.issues_advice for source, _ in cited):
        yield Flaw(
            "advice_without_guideline", "a recommendation may rest on guidelines only; cite the study apart"
        )
    if len(advice) > 1:
        yield Flaw("merged_advice", "two recommendations may not be joined; write one claim for each")
    if len(graded([s for _, s in cited])) > 1:
        yield Flaw("mixed_grades", "its sentences carry different grades; write one claim for each")
    if any(s.origin is Origin.INFERENCE for _, s in cited):
        yield Flaw("reworded_inference", "an inference stays in its own words")
    if any(not source.status.may_be_cited for source, _ in cited):
        yield Flaw("withdrawn_source", "its source was withdrawn or retracted")
    if proposal.section == "in_short" and not all(source.status.may_lead for source, _ in cited):
        yield Flaw("stale_opening", "guidance that was superseded cannot open an answer")
    if proposal.section != "in_short" and len({source.issues_advice for source, _ in cited}) > 1:
        yield Flaw("mixed_section", "guidelines and studies may not share a claim outside the opening")
    if advice and any(s.checked is Checked.DERIVED for s in advice):
        yield Flaw("derived_advice", "a derived sentence recommends nothing")


def _wording(claim: Claim, lexicon: Lexicon) -> Iterator[Flaw]:
    """Whether its words say more, or other, than those of its sentences."""
    text = claim.text
    if len(text.split()) > _MOST_WORDS or len(text) > _LONGEST:
        yield Flaw("too_long", f"longer than {_MOST_WORDS} words")
    yield from ungrounded(claim, text, lexicon, MOST_STRANGE, MOST_STRANGE_OF_ALL)
    yield from said_beyond(claim, text, lexicon)


def said_beyond(claim: Claim, text: str, lexicon: Lexicon) -> Iterator[Flaw]:
    """What a text says that the sentences of a claim do not, or otherwise."""
    cited = [
        CitedWords(s.text, s.heading, source.title, s.population, source.issues_advice, s.grade)
        for source, s in claim.cited
    ]
    for fault in check(text, cited, lexicon, claim.kind):
        yield Flaw(fault.reason.value, fault.detail)
    if why := suspicious(text):
        yield Flaw("meant_for_a_machine", f"it {why}")


def lay_faults(claim: Claim, text: str, lexicon: Lexicon) -> Iterator[Flaw]:
    """What is certainly wrong with a claim's wording for an audience."""
    if len(text.split()) > _MOST_LONGER * len(claim.text.split()) + _MARGIN:
        yield Flaw("too_long", "says much more than the claim")
    yield from ungrounded(claim, text, lexicon, 1.0, MOST_STRANGE_TO_LAY)
    yield from said_beyond(claim, text, lexicon)


# Of the words of a part of a claim that carry a topic, and of all its longer words, more than these shares
# must not stand in no cited sentence: it says something else. What the claims of docs/examples come to is
# stated in docs/explanation/with-a-model.md.
MOST_STRANGE, MOST_STRANGE_OF_ALL = 0.34, 0.5
# Plain words for a patient are other words, though not all of them.
MOST_STRANGE_TO_LAY = 0.75
_PART = re.compile(r"[.;:](?:\s|$)|\s[–—-]\s")
_SHORT, _STEM = 3, 5


def ungrounded(
    claim: Claim, text: str, lexicon: Lexicon, most_of_topics: float, most_of_all: float
) -> Iterator[Flaw]:
    """Parts that are made of other words than the sentences cited, and name nothing that those name."""
    for strange, of_topics, of_all in strangeness(claim, text, lexicon):
        if of_topics > most_of_topics or of_all > most_of_all:
            yield Flaw("not_in_source", f"its sentences do not speak of: {', '.join(strange[:6])}")


def strangeness(claim: Claim, text: str, lexicon: Lexicon) -> Iterator[tuple[list[str], float, float]]:
    """Of each part of a text: its strange words, and their share of those with a topic and of all."""
    around = " . ".join(
        part for _, s in claim.cited for part in (s.text, s.heading, s.population, s.setting) if part
    )
    held = {token.folded for token in tokens(around)}
    stems = {word[:_STEM] for word in held if len(word) >= _STEM}
    known = lexicon.up(read(around, lexicon, context=around).concepts)
    for part in _PART.split(text):
        named = {
            fold(word)
            for mention in read(part, lexicon, context=text).mentions
            if mention.concept in known
            for word in re.findall(r"\w+", mention.words)
        }
        words = [token.folded for token in tokens(part) if len(token.folded) > _SHORT]
        strange = [w for w in words if w not in held and w not in named and w[:_STEM] not in stems]
        topics = [w for w in words if w not in lexicon.common]
        apart = [w for w in strange if w in topics]
        if words:
            yield strange, len(apart) / max(1, len(topics)), len(strange) / len(words)
