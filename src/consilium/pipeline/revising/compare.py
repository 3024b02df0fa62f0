"""The difference of two revisions, statement by statement, for a page that shows what was changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
_PARTS = ("act_now", "in_short")
_CALLED = {
    "act_now": "act now",
    "in_short": "in short",
    "guidelines": "guidelines",
    "research": "research",
}


class DifferenceKind(StrEnum):
    """What sort of difference it is."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MARKED = "marked"
    MOVED = "moved"
    WORDING = "wording"
    REFERENCE = "reference"
    GAP = "gap"
    DISAGREEMENT = "disagreement"
    SUMMARY = "summary"


class Fate(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of a text, and what became of them."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two revisions.

    Attributes:
        was: the id of the claim in the old revision, where it is about one that was there.
        now: its id in the new revision; another one where the claim was reworded.
        spans: the words of both, in reading order; the kept and the gone make the old text, the
            kept and the new make the new one.
        said: what else there is to say ("from guidelines to in short"); may be empty.
    """

    kind: DifferenceKind
    spans: tuple[Span, ...]
    was: str | None = None
    now: str | None = None
    said: str = ""


def compare(old: Json, new: Json) -> tuple[Difference, ...]:
    """What differs between two articles of the contract, and between their wordings for one audience.

    Claims that rest on the same sentence are the same claim, reworded. Wordings are compared where
    both revisions are worded for the same audience.
    """
    before, after = _stated(old), _stated(new)
    pairs = _pairs(before["claims"], after["claims"])
    return (
        *_claims(before["claims"], after["claims"], pairs),
        *_moves(before, after, pairs),
        *_wordings(old["rendering"], new["rendering"], pairs),
        *_references(before["references"], after["references"]),
        *_lines(DifferenceKind.GAP, before["gaps"], after["gaps"]),
        *_lines(DifferenceKind.DISAGREEMENT, _tables(before), _tables(after)),
        *_text(DifferenceKind.SUMMARY, before["assessment"]["summary"], after["assessment"]["summary"]),
    )


def _stated(document: Json) -> Json:
    """What an article states; an abstention states nothing."""
    if document["kind"] == "article":
        return dict(document["content"])
    empty: Json = {
        key: [] for key in ("act_now", "in_short", "sections", "references", "gaps", "disagreements")
    }
    return {**empty, "claims": {}, "assessment": {"summary": ""}}


def _pairs(old: Json, new: Json) -> dict[str, str]:
    """The new id of every claim that is still there, by its old one."""
    same = {name: name for name in old if name in new}
    grounds = {_ground(claim): name for name, claim in new.items() if name not in same}
    for name, claim in old.items():
        if name not in same and _ground(claim) in grounds:
            same[name] = grounds.pop(_ground(claim))
    return same


def _ground(claim: Json) -> str:
    """The sentence that is a claim's own."""
    return str(claim["citations"][0]["sentences"][0]["id"])


def _claims(old: Json, new: Json, pairs: dict[str, str]) -> Iterator[Difference]:
    for name, claim in old.items():
        if name not in pairs:
            yield Difference(DifferenceKind.REMOVED, (Span(Fate.GONE, claim["text"]),), name)
            continue
        now = new[pairs[name]]
        yield from _text(DifferenceKind.REWORDED, claim["text"], now["text"], name, pairs[name])
        marks, marked = _marks(claim), _marks(now)
        said = "; ".join(f"{key}: {marks[key]} → {marked[key]}" for key in marks if marks[key] != marked[key])
        if said:
            kept = (Span(Fate.KEPT, now["text"]),)
            yield Difference(DifferenceKind.MARKED, kept, name, pairs[name], said)
    for name, claim in new.items():
        if name not in pairs.values():
            yield Difference(DifferenceKind.ADDED, (Span(Fate.NEW, claim["text"]),), now=name)


def _marks(claim: Json) -> dict[str, str]:
    """What is shown beside the text of a claim, and how it stands."""
    named = ("frame", "kind", "strength", "direction", "certainty", "native_grade", "population", "setting")
    marks = {name.replace("_", " "): str(claim[name] or "none") for name in (*named, "support", "verifier")}
    marks["conditions"] = "; ".join(claim["qualifiers"]) or "none"
    sentences = [s["id"] + " " + s["sha256"][:15] for c in claim["citations"] for s in c["sentences"]]
    marks["rests on"] = ", ".join(sentences)
    return marks


def _moves(old: Json, new: Json, pairs: dict[str, str]) -> Iterator[Difference]:
    """Claims of both revisions that stand in other parts, in another role, or in another order."""
    were, are = _places(old), _places(new)
    back = {now: name for name, now in pairs.items()}
    overtaken: set[str] = set()
    for part in _CALLED:
        one = [pairs[name] for name, where in were if where.split()[0] == part and name in pairs]
        two = [name for name, where in are if where.split()[0] == part and name in back]
        overtaken.update(_out_of_order([n for n in one if n in two], [n for n in two if n in one]))
    for name, now in pairs.items():
        was_in = [where for claim, where in were if claim == name]
        is_in = [where for claim, where in are if claim == now]
        kept = (Span(Fate.KEPT, new["claims"][now]["text"]),)
        if was_in != is_in:
            said = f"from {_listed(was_in)} to {_listed(is_in)}"
            yield Difference(DifferenceKind.MOVED, kept, name, now, said)
        elif now in overtaken:
            yield Difference(DifferenceKind.MOVED, kept, name, now, "to another place in the same part")


def _places(content: Json) -> list[tuple[str, str]]:
    """Every claim with each part that it stands in, and its role there, in reading order."""
    opening = [(name, part) for part in _PARTS for name in content[part]]
    sections = [
        (name, f"{section['id']} {item['role']}")
        for section in content["sections"]
        for item in section["items"]
        for name in item["claims"]
    ]
    return opening + sections


def _listed(places: Sequence[str]) -> str:
    named = (place.split() for place in places)
    told = (_CALLED[part] + (" (lead)" if role == ["lead"] else "") for part, *role in named)
    return " and ".join(told) or "nowhere"


def _out_of_order(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Claims that moved, if the others kept their order."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    stayed = {name for a, _, size in matcher.get_matching_blocks() for name in old[a : a + size]}
    return set(new) - stayed


def _wordings(old: Json | None, new: Json | None, pairs: dict[str, str]) -> Iterator[Difference]:
    if not (old and new and old["audience"] == new["audience"]):
        return
    for name, now in pairs.items():
        was, worded = old["claims"].get(name), new["claims"].get(now)
        # Where the claim itself was reworded, its wording follows and is no news.
        if was and worded and name == now:
            yield from _text(DifferenceKind.WORDING, was["text"], worded["text"], name, now, old["audience"])


def _references(old: Sequence[Json], new: Sequence[Json]) -> Iterator[Difference]:
    """Sources that are cited no longer or for the first time, or whose entry differs; not their numbers."""
    before, after = ({r["source"]: r for r in listed} for listed in (old, new))
    for name in dict.fromkeys([*before, *after]):
        one, two = before.get(name), after.get(name)
        if one is None or two is None:
            fate = Fate.NEW if one is None else Fate.GONE
            text = (two or one or {})["text"]
            yield Difference(DifferenceKind.REFERENCE, (Span(fate, text),), said=name)
        elif {**one, "number": 0} != {**two, "number": 0}:
            changed = [key for key in one if key != "number" and one[key] != two.get(key)]
            told = "; ".join(f"{key.replace('_', ' ')}: {one[key]} → {two.get(key)}" for key in changed)
            yield Difference(
                DifferenceKind.REFERENCE, spans(one["text"], two["text"]), said=f"{name}: {told}"
            )


def _tables(content: Json) -> list[str]:
    """Each disagreement in a line."""
    return [
        f"{table['about']}: "
        + "; ".join(f"{p['body']} ({p['year'] or 'undated'})" for p in table["positions"])
        for table in content["disagreements"]
    ]


def _lines(kind: DifferenceKind, old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    for line in old:
        if line not in new:
            yield Difference(kind, (Span(Fate.GONE, line),))
    for line in new:
        if line not in old:
            yield Difference(kind, (Span(Fate.NEW, line),))
    kept = [line for line in new if line in old]
    if kept != [line for line in old if line in new]:
        yield Difference(kind, tuple(Span(Fate.KEPT, line) for line in kept), said="in another order")


def _text(
    kind: DifferenceKind, old: str, new: str, was: str | None = None, now: str | None = None, said: str = ""
) -> Iterator[Difference]:
    if old != new:
        yield Difference(kind, spans(old, new), was, now, said)


def spans(old: str, new: str) -> tuple[Span, ...]:
    """Two texts as one sequence of words that were kept, went, or came."""
    one, two = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (old, new))
    made: list[Span] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if what == "equal":
            made.append(Span(Fate.KEPT, "".join(one[a:b])))
            continue
        if b > a:
            made.append(Span(Fate.GONE, "".join(one[a:b])))
        if d > c:
            made.append(Span(Fate.NEW, "".join(two[c:d])))
    return tuple(made)
