"""The parts of an abstract become the sections of a work, each sentence with its role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from consilium.adapters.sources.labelled import parts_of
from consilium.adapters.sources.rhetoric import roles_in
from consilium.adapters.sources.roles import roles_of
from consilium.adapters.sources.sentences import ends_of
from consilium.adapters.sources.works import Section
from consilium.domain.role import Role

Part = tuple[str | None, str | None, str]
_UNLABELLED = frozenset({"UNLABELLED", "UNLABELED", "ABSTRACT", "SUMMARY"})


def sections_of(parts: Sequence[Part], *, passage: int = 0) -> list[Section]:
    """The sections of an abstract from (label, category, text) of its parts, all in one passage."""
    if parts and not any(label for label, _, _ in parts):
        whole = " ".join(text for _, _, text in parts)
        parts = [(label, None, text) for label, text in parts_of(whole)]
    return list(_sections(parts, passage))


def _sections(parts: Iterable[Part], passage: int) -> Iterator[Section]:
    for label, category, text in parts:
        if not text:
            continue
        plain = label if label and label.upper() not in _UNLABELLED else None
        roles = roles_of(plain, category) if plain else ()
        if len(roles) == 1:
            yield section(passage, label, roles[0], text)
        elif plain and not roles:
            yield section(passage, label, Role.OTHER, text)
        else:
            yield from by_role(passage, plain, text, roles)


def section(passage: int, label: str | None, role: Role, text: str, place: str | None = None) -> Section:
    """One section, its sentences told."""
    made: Section = {
        "passage": passage,
        "label": label,
        "role": str(role),
        "text": text,
        "ends": ends_of(text),
    }
    if place is not None:
        made["place"] = place
    return made


def by_role(passage: int, label: str | None, text: str, allowed: tuple[Role, ...] = ()) -> Iterator[Section]:
    """A stretch without a label, or under one that names several roles, parted where the role changes."""
    ends = ends_of(text)
    starts = [0, *ends[:-1]]
    roles = roles_in([text[a:b].strip() for a, b in zip(starts, ends, strict=True)], allowed)
    first, count = 0, len(ends)
    for number in range(1, count + 1):
        if number < count and roles[number] is roles[first]:
            continue
        held = text[starts[first] : ends[number - 1]]
        lead = starts[first] + len(held) - len(held.lstrip())
        held = held.strip()
        inner = [end - lead for end in ends[first : number - 1]]
        yield {
            "passage": passage,
            "label": label,
            "role": str(roles[first]),
            "text": held,
            "ends": [*inner, len(held)],
        }
        first = number
