"""What decided about each statement that was found, for a terminal: source by source, plain, in columns."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from consilium.domain.evidence import Source
from consilium.domain.measure import Measured, Place, Value
from consilium.pipeline.examine import Examined
from consilium.pipeline.frames import short_body
from consilium.pipeline.gates import Ruling
from consilium.pipeline.pertinence import INTERCEPT, pulls

WIDTH = 96
_LABEL = 20
_OTHERWISE = {"≥": "<", "≤": ">", ">": "≤"}
_RULES = {
    "beside": "another condition",
    "people": "other people",
    "currency": "no longer current",
    "pertinence": "less to the point",
    "budget": "no room",
    "words meant for a machine": "never published",
    "select": "the model left it out",
    "write": "the model wrote nothing from it",
    "verify": "a claim from it did not stand",
}
_HOW_TO_READ = (
    "Gates rule in order; the first that closes turns a statement away. What a gate measured stands behind "
    "it, and what that was held against. Of several numbers joined by “or”, one that passes is enough."
)


def explanation(items: Sequence[Examined], brought: Mapping[str, str]) -> str:
    """All of it as text of at most 96 columns; the sources that are cited come first."""
    lines = [*_summary(items), "", *textwrap.wrap(_HOW_TO_READ, WIDTH)]
    groups: dict[str, list[Examined]] = {}
    for item in sorted(items, key=_order):
        groups.setdefault(item.candidate.source.id, []).append(item)
    for cited, title in ((True, "Sources that are cited"), (False, "Sources that are not cited")):
        chosen = [group for group in groups.values() if bool(group[0].places) is cited]
        if chosen:
            lines += ["", title, "-" * len(title)]
        for group in chosen:
            lines += ["", *_source(group[0].candidate.source)]
            for item in group:
                lines += ["", *(_cited(item) if item.places else _left_out(item))]
    if brought:
        lines += ["", "Cited without having been found", "-" * 31]
        lines += [f"  {name}: {why}" for name, why in brought.items()]
    return "\n".join(line.rstrip() for line in lines)


def _order(item: Examined) -> tuple[object, ...]:
    candidate = item.candidate
    return not item.places, candidate.rank, not candidate.source.issues_advice, candidate.sentence.id


def _summary(items: Sequence[Examined]) -> Iterator[str]:
    """How many were found, where the others were stopped, and how many are cited."""
    sources = {item.candidate.source.id for item in items}
    yield f"Found {len(items)} statements of {len(sources)} sources. What became of them:"
    gates = dict.fromkeys(gate for item in items for gate, _ in item.rulings)
    stopped = Counter(item.stopped_by for item in items if not item.places)
    for name in (*gates, *_RULES):
        if stopped[name]:
            label = f"stopped by {name}" + (f" ({_RULES[name]})" if name in _RULES else "")
            yield f"  {stopped[name]:>4}  {label}"
    if stopped[None]:
        yield f"  {stopped[None]:>4}  chosen, but not verified"
    yield f"  {sum(bool(item.places) for item in items):>4}  cited"


def _source(source: Source) -> list[str]:
    checked = f"checked {source.status_checked_on}" if source.status_checked else "currency not checked"
    body = short_body(source)
    who = " ".join(filter(None, (body if body != source.title else "", str(source.year or ""))))
    title = ". ".join(filter(None, (who, source.title)))
    return [
        *_wrapped(f"{source.id}: {title}", ""),
        *_wrapped(f"{source.design}; {source.status.value} ({checked})", ""),
    ]


def _cited(item: Examined) -> Iterator[str]:
    """A statement that is cited: one line a gate."""
    why = f"{item.why}; by itself, {item.closed} would have stopped it" if item.closed else item.why
    yield from _head(item, f"CITED ({', '.join(item.places)})", why)
    yield from _wrapped(f"“{item.candidate.sentence.text}”", " " * 4)
    yield from _row("found", _found(item))
    gates: dict[str, list[Ruling]] = {}
    for gate, ruling in item.rulings:
        gates.setdefault(gate, []).append(ruling)
    for gate, rulings in gates.items():
        closed = any(ruling.verdict for ruling in rulings)
        yield from _row(f"{gate:<11}{'shut' if closed else 'ok'}", "; ".join(map(_ruling, rulings)))
    if item.measured:
        yield from _row("then", "; ".join(map(_measured, item.measured)))
    yield from _weights(item)
    yield from _row("also", _features(item))


def _left_out(item: Examined) -> Iterator[str]:
    """A statement that is not cited: what stopped it, then all that was measured in one paragraph."""
    yield from _head(item, f"stopped by {(item.stopped_by or 'verification').upper()}", item.why)
    yield f"    “{textwrap.shorten(item.candidate.sentence.text, WIDTH - 6, placeholder=' …')}”"
    yield from _row("found", _found(item))
    plain = {m.name: None for _, r in item.rulings for m in r.measured if m.passed and m.value == m.floor}
    told = [_ruling(r, brief=True) for _, r in item.rulings if not all(m.name in plain for m in r.measured)]
    told += [_measured(m, brief=True) for m in item.measured]
    yield from _row("measured", "; ".join([*told, f"as wanted: {', '.join(plain)}"]))
    yield from _weights(item)
    yield from _row("also", _features(item))


def _head(item: Examined, became: str, why: str) -> list[str]:
    return _wrapped(f"{item.candidate.sentence.id}  {became}: {why}", " " * 2)


def _found(item: Examined) -> str:
    candidate = item.candidate
    among = "advice" if candidate.source.issues_advice else "studies"
    said = f"rank {candidate.rank} among {among}, score {candidate.score:.2f}"
    if candidate.by_text or candidate.by_meaning:
        said += f": {_place('text', candidate.by_text)}; {_place('meaning', candidate.by_meaning)}"
    if candidate.by_pieces:
        said += f"; {_place('word pieces', candidate.by_pieces)}"
    return said


def _place(how: str, place: Place | None) -> str:
    return f"by {how} rank {place.rank}, score {place.score:.2f}" if place else f"not by {how}"


def _weights(item: Examined) -> Iterator[str]:
    """The sum of the score, and of the odds of belonging."""
    evidence = item.evidence
    if evidence is None:
        return
    parts = ", ".join(f"{name} {part:+.2f}" for name, part in evidence.parts)
    yield from _row("score", f"{evidence.score:.2f}: {parts}")
    if evidence.traits:
        traits = "".join(f"{name} {pull:+.2f}, " for name, pull in pulls(evidence.traits).items() if pull)
        said = f"odds {_number(evidence.pertinence)} to 1; logarithm: {traits}constant {INTERCEPT:+.2f}"
        yield from _row("belongs", said)
    for note in (*evidence.notes, *(f"depends on: {condition}" for condition in evidence.unmet)):
        yield from _row("note", note)


def _features(item: Examined) -> str:
    shown = {name: told for name, told in item.features.items() if name not in {"design", "status"}}
    return "; ".join(f"{name}: {told}" for name, told in shown.items())


def _ruling(ruling: Ruling, *, brief: bool = False) -> str:
    return " or ".join(_measured(m, brief=brief) for m in ruling.measured)


def _measured(measured: Measured, *, brief: bool = False) -> str:
    """A value beside what it was held against, unless that is plain; a failing one says NO."""
    name, value, floor, passed, sign = measured
    no = "" if passed else "NO, "
    if isinstance(floor, str):
        against = "" if value == floor or (brief and passed) else f" (wanted: {floor})"
        return f"{no}{name}: {value}{against}"
    return f"{name} {_number(value)} {sign if passed else _OTHERWISE[sign]} {_number(floor)}"


def _number(value: Value) -> str:
    if isinstance(value, int | str):
        return str(value)
    return f"{value:.2f}" if value >= 0.1 or not value else f"{value:.2g}"


def _row(label: str, text: str) -> list[str]:
    """A line with its label in front, wrapped under itself."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"    {label:<{_LABEL - 4}}",
        subsequent_indent=" " * _LABEL,
        break_on_hyphens=False,
    )


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
    )
