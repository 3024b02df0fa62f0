"""The words of attribution before a sentence: who says it, when, where, and how firmly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consilium.domain.evidence import Origin, Sentence, Source, SourceStatus, StatementKind
from consilium.domain.grade import Direction, Strength
from consilium.lexicon.normalise import tokens
from consilium.pipeline.checks.form import is_plain

_STALE = {
    SourceStatus.SUPERSEDED: "superseded edition",
    SourceStatus.EXPIRED: "lapsed by its issuer's rule",
    SourceStatus.PARTLY_SUPERSEDED: "partly superseded edition",
}
# The verb follows the issuer's own words, never our reading of them (design 8, "Frames").
_NATIVE_VERBS = (
    (r"usually (not )?appropriate|may be appropriate", "rates by appropriateness"),
    (r"quality standard|\bqs\d", "sets as a quality standard"),
    (r"pathway|target", "sets as a target"),
    (r"insufficient|\bi statement\b", "found the evidence insufficient to recommend for or against"),
    (r"consensus|best practice|good practice|practice point", "agrees by consensus"),
    (r"\bconsider\b", "says to consider"),
    (r"\boffer\b", "says to offer"),
    (r"suggest|weak|conditional", "suggests"),
    (r"recommend|strong", "recommends"),
)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a reader needs beside a sentence that was not written to stand alone.

    Attributes:
        size: how many people, or, of a review, studies it took in.
        titled: whether the title has to say what the sentence is about.
        heading: the heading that it stands under, where it is an item of a list.
        shorts: what its short forms stand for.
    """

    size: str = ""
    titled: bool = False
    heading: str | None = None
    shorts: tuple[tuple[str, str], ...] = ()


# What says nothing of how it was done.
_DESIGNS = {"journal article": "study"}
GOES_ON, IN_FIGURES = "The same source goes on", "The same source, in figures"


def frame_of(sentence: Sentence, source: Source, beside: Beside | None = None) -> str:
    """The attribution of a sentence, without its final colon."""
    if sentence.origin is Origin.INFERENCE:
        return "Reasoned by Consilium from the sources cited, stated by none of them"
    told = _told(source, beside) if beside else ""
    if source.issues_advice:
        return f"{_body(source)}{told} {verb_of(sentence)}"
    return _research(source, beside.size if beside else "", told)


def _told(source: Source, beside: Beside) -> str:
    """The title and the short forms that a sentence does not say itself."""
    title = source.title.rstrip(". ")
    shorts = "; ".join(f"{short}: {meaning}" for short, meaning in beside.shorts)
    listed = f" ({shorts})" if shorts else ""
    titled = f", titled “{title}”" if beside.titled and is_plain(title) else ""
    under = under_heading(beside.heading, title)
    return f"{titled}{under}{listed}," if titled or under else listed


def under_heading(heading: str | None, title: str = "") -> str:
    """The heading that an item of a list stands under, unless the title says no less."""
    own = (heading or "").split(" > ")[-1].strip().rstrip(":")
    if not own or not is_plain(own) or own.lower() == title.lower():
        return ""
    return f", under “{own.capitalize() if own.isupper() else own}”"


def depending(frame: str | None, conditions: Sequence[str], text: str) -> str | None:
    """A frame that says what the sentence depends on, where its own words do not."""
    said = {token.folded for token in tokens(text)}
    unsaid = [c for c in conditions if not {token.folded for token in tokens(c)} <= said]
    return f"{frame}, only if {' and '.join(unsaid)}" if frame and unsaid else frame


def _body(source: Source) -> str:
    place = f", {source.jurisdiction}" if source.jurisdiction else ""
    year = str(source.year) if source.year else "undated"
    stale = f"; {_STALE[source.status]}" if source.status in _STALE else ""
    return f"{short_body(source)} ({year}{place}{stale})"


def short_body(source: Source) -> str:
    """The issuing body, shortened to its first three names."""
    names = source.organisation or (source.body,)
    return "/".join(names[:3]) + (" and others" if len(names) > 3 else "")


def verb_of(sentence: Sentence) -> str:
    """The verb that the issuer's own grade carries; "states" where there is none."""
    grade = sentence.grade
    if sentence.kind is StatementKind.WARNING:
        return "warns"
    if sentence.kind is not StatementKind.RECOMMENDATION:
        return "states"
    if grade.strength is Strength.INSUFFICIENT:
        return "found the evidence insufficient to recommend for or against"
    native = (grade.native or "").lower()
    for pattern, verb in _NATIVE_VERBS:
        if re.search(pattern, native):
            against = grade.direction is Direction.AGAINST and verb in {"recommends", "suggests"}
            return f"{verb} against" if against else verb
    return "states"


def _research(source: Source, size: str, told: str) -> str:
    when = f" ({source.year})" if source.year else ""
    design = _DESIGNS.get(source.design, source.design)
    article = "An" if design[:1].lower() in "aeiou" else "A"
    if source.design == "case report":
        return f"One case{when}{told}"
    who = (source.authors or "").split(",")[0].strip()
    by = f", {who}" if who else ""
    return f"{article} {design}{size}{by}{when}{told} reports"


def nlm(source: Source) -> str:
    """The entry of a source in NLM style, as far as its record goes."""
    authors = (source.authors or "/".join(source.organisation)).rstrip(". ")
    parts = [f"{authors}." if authors else "", f"{source.title.rstrip('.')}."]
    if source.journal:
        where = f";{source.locator}" if source.locator else ""
        parts.append(f"{source.journal}. {source.year or 'date unknown'}{where}.")
    else:
        parts.append(f"{source.year or 'date unknown'}.")
    if source.doi:
        parts.append(f"doi:{source.doi}.")
    if source.pmid:
        parts.append(f"PMID: {source.pmid}.")
    return " ".join(part for part in parts if part)
