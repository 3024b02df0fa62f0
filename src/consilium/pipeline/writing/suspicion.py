"""Words in a source that are meant for a machine and not for a reader: found, told, and never published."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote

from consilium.domain.evidence import Evidence, Reason, Rejection, Sentence, Source
from consilium.domain.measure import Measured
from consilium.pipeline.checks.form import is_plain
from consilium.pipeline.plain import without_unseen
from consilium.pipeline.writing.orders import FOREIGN, ORDER

_LOOKS_LIKE = str.maketrans(
    "аеорсухіјѕԁһӏԛԝᴀвкмнтАЕОРСУХІЈЅВКМНТαεορτυνικχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlqwabkmhtaeopcyxijsbkmhtaeoptuvikxabezhikmnoptyx",
)
_MIXED = re.compile(r"\b(?=\w*[a-zA-Z])(?=\w*\d)\w+\b|\b\d{1,2}\b(?=\s[a-zA-Z0-9]*\d)")
_LEET = str.maketrans("013457@$", "oieastas")
_ENCODED = re.compile(
    r"[A-Za-z0-9+/_-]{24,}={0,2}|(?:[0-9a-fA-F]{2}[\s:]?){16,}|(?:%[0-9a-fA-F]{2}){6,}|(?:\\[ux][0-9a-fA-F]{2,4}){4,}"
)
_PIECES = re.compile(r"(?:[A-Za-z0-9+/]{6,}={0,2}\s+)*[A-Za-z0-9+/]{6,}={1,2}(?:\s+[A-Za-z0-9+/]{6,}={0,2})*")
_TURNED, _MOST_TURNED = re.compile("[ɐɔǝɟƃɥıɾʞɯɹʇʌʍʎ]"), 5
_SPACED = re.compile(r"\b(?:\w[\s.*_-]){5,}\w\b")
_BARE_HOST = re.compile(
    r"\b[a-z0-9][a-z0-9-]*(?:\.|\[\.\]|\s?\(dot\)\s?)(?:com|org|net|io|info|example|invalid|test|ru|xyz|shop|site|click|online|biz)\b", re.IGNORECASE
)  # fmt: skip


_RULE = "words meant for a machine"


def suspicious(text: str) -> str | None:
    """Why a text reads as if it were meant for a machine, or None."""
    if not is_plain(text):
        return "carries a link, markup or hidden characters"
    if without_unseen(text) != text or any("\U000e0000" <= c <= "\U000e0fff" for c in text):
        return "carries hidden characters"
    if FOREIGN.search(text):
        return "gives orders to a machine"
    for reading in dict.fromkeys(_readings(text)):
        if ORDER.search(reading):
            return "gives orders to a machine"
    return None


def _readings(text: str) -> Iterator[str]:
    """A text as it stands, and as it may be meant: look-alikes, spaced letters, encodings, backwards."""
    plain = unicodedata.normalize("NFKC", html.unescape(unquote(text)))
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    latin = bare.translate(_LOOKS_LIKE)
    yield latin
    yield _MIXED.sub(lambda found: found.group().translate(_LEET), latin)
    yield _SPACED.sub(lambda found: re.sub(r"[\s.*_-]", "", found.group()), latin)
    yield re.sub(r"(?<=\w)[.*_|-](?=\w)", "", latin)
    yield codecs.encode(latin, "rot13")
    yield latin[::-1]
    for blob in _ENCODED.findall(text):
        yield from _decoded(blob)
    for row in _PIECES.findall(text):
        yield "".join(part for piece in row.split() for part in _decoded(piece))
    if len(_TURNED.findall(text)) >= _MOST_TURNED:
        yield "system prompt"  # letters upside down say nothing to a reader of medicine


def _decoded(blob: str) -> Iterator[str]:
    packed = re.sub(r"[\s:]", "", blob)
    if re.fullmatch(r"[0-9a-fA-F]+", packed) and len(packed) % 2 == 0:
        yield bytes.fromhex(packed).decode("utf-8", "replace")
    if "\\" in packed:
        yield codecs.decode(packed, "unicode_escape")
    try:
        padded = packed.replace("-", "+").replace("_", "/")
        yield base64.b64decode(padded + "=" * (-len(padded) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return


def suspects(sentences: Iterable[tuple[Source, Sentence]]) -> dict[str, str]:
    """The sentences that may not be published, by id, with the reason.

    What is split over neighbouring sentences of one work is found by reading them as one, and a work whose
    own title gives orders is wholly suspect.
    """
    by_source: dict[str, list[Sentence]] = {}
    works: dict[str, Source] = {}
    for source, sentence in sentences:
        works[source.id] = source
        by_source.setdefault(source.id, []).append(sentence)
    found: dict[str, str] = {}
    for name, own in by_source.items():
        found |= _in_work(works[name], sorted({s.id: s for s in own}.values(), key=_place))
    return found


def _in_work(source: Source, own: Sequence[Sentence]) -> dict[str, str]:
    named = " · ".join(filter(None, (source.title, source.authors, *source.organisation, source.journal)))
    if why := suspicious(named):
        return {sentence.id: f"its title {why}" for sentence in own}
    found = {s.id: why for s in own if (why := suspicious(_whole(s)) or _linked(s.text))}
    for one, other in itertools.pairwise(own):
        if one.id not in found and other.id not in found and suspicious(f"{one.text} {other.text}"):
            found |= dict.fromkeys((one.id, other.id), "gives orders to a machine, read with its neighbour")
    return found


def _linked(text: str) -> str | None:
    """A name of a work may hold an address ("…, a page of example.org"); what is printed as a claim may not."""
    return "carries a link" if _BARE_HOST.search(text) else None


def _whole(sentence: Sentence) -> str:
    """A sentence with everything of it that is printed or sent."""
    return " · ".join(
        filter(
            None,
            (
                sentence.text,
                sentence.heading,
                sentence.population,
                sentence.setting,
                sentence.grade.native,
                *sentence.applies_if,
                *sentence.not_if,
            ),
        )
    )


def _place(sentence: Sentence) -> tuple[int, str]:
    number = sentence.id.rpartition("#")[2]
    return (int(number) if number.isdigit() else 0, sentence.id)


def screened(evidence: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], tuple[Rejection, ...]]:
    """Evidence without what is meant for a machine, which is turned away with the reason."""
    found = suspects((e.source, e.sentence) for e in evidence)
    if not found:
        return tuple(evidence), ()
    kept = tuple(e for e in evidence if e.sentence.id not in found)
    gone = tuple(
        Rejection(e.candidate, Reason.UNSUPPORTED, why, _RULE, (Measured(_RULE, why, "none", passed=False),))
        for e in evidence
        if (why := found.get(e.sentence.id))
    )
    return kept, gone


def unnamed(rejections: Sequence[Rejection]) -> tuple[Rejection, ...]:
    """Rejections for a reader, who is not shown the name or address of a work that gives orders to a machine."""
    titles = {r.candidate.source.title for r in rejections}
    bad = {title for title in titles if suspicious(title)}
    return tuple(
        replace(r, candidate=replace(r.candidate, source=_withheld(r.candidate.source)))
        if r.by == _RULE or r.candidate.source.title in bad
        else r
        for r in rejections
    )


def _withheld(source: Source) -> Source:
    return replace(source, title="A work that gives orders to a machine; its title is withheld", url=None)
