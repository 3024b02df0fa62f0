"""Gates for sentences in their authors' words: whole, on the point asked, and saying what was found.

A statement of a curated record was written to stand alone; a sentence of an abstract was not. So it is held to more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from consilium.domain.evidence import Candidate, Reason, StatementKind
from consilium.domain.measure import at_least
from consilium.domain.question import Term
from consilium.domain.role import Role
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold, tokens
from consilium.pipeline import tables
from consilium.pipeline.abbreviations import expanded, unspelt
from consilium.pipeline.coverage import HEADS, Coverage, in_words
from consilium.pipeline.fidelity import is_plain
from consilium.pipeline.leaning import hangs
from consilium.pipeline.ruling import Gatekeeper, Ruling, ruled

_ENGLISH = {None, "eng", "en", "und", "mul"}
# A sentence that can be shown: begun and ended as one, of a length to be read, in words and not in figures.
_WHOLE = re.compile(r"[A-Z0-9“\"'(≥>α-ω].*[.!)\]”\"]$", re.DOTALL)
_FEWEST, _MOST, _CHARACTERS = 5, 75, 480
_FIGURES = 0.45
_OUTCOME = re.compile(
    r"\b(?:effects?|impact|influence) (?:of|that) .+ (?:on|upon) (?P<what>[^?]+?)\??\s*$|"
    r"\b(?:reduc|increas|improv|prevent|lower|rais|affect|decreas|shorten|prolong|reliev|eas|delay)(?:e|es|s)? (?P<that>[^?]+?)"
    r"(?: (?:in|among|after|during|for|with|compared|than|at) [^?]*)?\??\s*$",
    re.IGNORECASE,
)
_SAID = 0.5  # of the words of an outcome
_UNKNOWN = 0.6  # of the words of a question that the lexicon does not know, by weight


def language(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """What is not in English is not read by this lexicon."""
    known = candidate.source.language in _ENGLISH
    verdict = None if known else (Reason.LANGUAGE, f"is in another language ({candidate.source.language})")
    yield ruled("language", candidate.source.language or "not stated", "English", verdict)


def animals(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """What the record of a work says of its species."""
    animal = candidate.source.species == "animal"
    verdict = (Reason.NON_HUMAN, "studied animals or cells in the laboratory, not people") if animal else None
    yield ruled("species", candidate.source.species or "not stated", "not animal", verdict)


def whole(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """Headings, cells of tables and sentences that a splitter cut are no sentences to show."""
    whole_ = is_whole(candidate.sentence.text)
    verdict = None if whole_ else (Reason.METHODS_ONLY, "is no sentence that can be shown by itself")
    yield ruled("a whole sentence", "yes" if whole_ else "no", "yes", verdict)


def is_whole(text: str) -> bool:
    """Whether a text can be shown as a sentence."""
    words = text.split()
    figures = sum(any(c.isdigit() for c in word) for word in words) / max(1, len(words))
    return (
        bool(_WHOLE.match(text))
        and _FEWEST <= len(words) <= _MOST
        and len(text) <= _CHARACTERS
        and figures <= _FIGURES
        and is_plain(text)
        and text.count("(") == text.count(")")
    )


def finds(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """Aims, methods and plans say nothing of what was found."""
    rules, lowered = tables.load("own_words"), candidate.sentence.text.lower()
    role_ = candidate.sentence.role or Role.OTHER
    verdict = None
    if tables.cued(rules["to_come"], lowered) and candidate.sentence.kind is not StatementKind.RECOMMENDATION:
        verdict = Reason.PROTOCOL_ONLY, "says what a study will do: it reports no results yet"
    elif not role_.may_be_cited or (
        tables.cued(rules["no_finding"], lowered) and not candidate.source.issues_advice
    ):
        verdict = Reason.METHODS_ONLY, "says how something was studied, not what was found"
    yield ruled("says what was found", "no" if verdict else "yes", "yes", verdict)


def stands_alone(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """What hangs on a sentence before it is shown with that, or not at all; so is a short form that nobody spells out."""
    sentence = candidate.sentence
    loose = hangs(sentence, candidate.work)
    verdict = (Reason.METHODS_ONLY, "hangs on what was said before it") if loose else None
    yield ruled("stands alone", "no" if loose else "yes", "yes", verdict)
    shorts = unspelt(sentence, candidate.source, keeper.lexicon)
    never = [short for short in shorts if short not in expanded(shorts, candidate.work)]
    verdict = (Reason.METHODS_ONLY, f"uses {', '.join(never)} and never says what that is") if never else None
    yield ruled("short forms", ", ".join(never) or "spelt out", "spelt out", verdict)


def on_the_point(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """A sentence names what was asked of it: a title that does makes no finding of its work an answer."""
    named = said(candidate.sentence.text)
    note, plan = candidate.annotation, keeper.plan
    heads = [t for t in plan.terms if t.kind in HEADS and not t.context]
    if heads and not candidate.source.issues_advice:  # a guideline names its topic in its headings
        own = sum(_named(term, note.text, named, keeper.lexicon) for term in heads)
        verdict = None if own else (Reason.OFF_TOPIC, "does not itself name what was asked about")
        yield ruled("named in the sentence", str(own), "1 or more", verdict)
    unknown = [t for t in plan.terms if t.concept is None and t.kind in {"word", "held", "plain"}]
    if unknown:
        met = sum(t.weight for t in unknown if in_words(fold(t.words), note.words))
        enough = at_least("words met", round(met / sum(t.weight for t in unknown), 4), _UNKNOWN)
        verdict = None if enough.passed else (Reason.BELOW_FLOOR, "touches too little of the question")
        yield Ruling((enough,), verdict)
    wanted = outcome_of(plan.understood, keeper.lexicon)
    if wanted:
        share = sum(in_words(word, named) for word in wanted) / len(wanted)
        enough = at_least("words of the outcome", round(share, 4), _SAID)
        verdict = None if enough.passed else (Reason.OFF_TOPIC, "is about another outcome")
        yield Ruling((enough,), verdict)
        tells = tables.cued(tables.load("own_words")["effect"], candidate.sentence.text.lower())
        verdict = None if tells else (Reason.METHODS_ONLY, "does not say what the effect was")
        yield ruled("says of an effect", "yes" if tells else "no", "yes", verdict)


def _named(term: Term, concepts: frozenset[str], words: frozenset[str], lexicon: Lexicon) -> bool:
    if term.concept is None:
        return in_words(fold(term.words), words)
    near = {term.concept, *lexicon.concepts[term.concept].compatible}
    return bool(near & lexicon.up(concepts)) or all(in_words(fold(w), words) for w in term.words.split())


@lru_cache(maxsize=4096)
def said(text: str) -> frozenset[str]:
    """The folded words of a sentence."""
    return frozenset(token.folded for token in tokens(text))


def outcome_of(text: str, lexicon: Lexicon) -> frozenset[str]:
    """The words of the outcome that a question asks the effect on; none where it names none."""
    match = _OUTCOME.search(text)
    if not match:
        return frozenset()
    words = (token.folded for token in tokens(match["what"] or match["that"]))
    return frozenset(w for w in words if w not in lexicon.common and len(w) > 1 and not w.isdigit())


OWN_WORDS = (language, animals, whole, finds, stands_alone, on_the_point)
