"""Works for tests, made of one text."""

from __future__ import annotations

from typing import Any

from consilium.adapters.sources.sentences import VERSION, ends_of
from consilium.adapters.sources.works import FORM, Work


def work(
    name: str,
    *texts: str,
    kind: str = "study",
    design: str = "Cohort Study",
    title: str | None = None,
    mesh: list[str] | None = None,
    role: str = "conclusion",
    licence: str | None = None,
    quoted: bool = False,
    **source: Any,
) -> Work:
    """A work of one section a text, each a passage of its own."""
    return {
        "form": FORM,
        "id": name,
        "kind": kind,
        "source": {"title": title or f"Title of {name}", "publication_type": design, **source},
        "licence": licence,
        "quoted": quoted,
        "topics": [],
        "mesh": mesh or [],
        "splitter": VERSION,
        "sections": [
            {"passage": number, "label": None, "role": role, "text": text, "ends": ends_of(text)}
            for number, text in enumerate(texts)
        ],
    }
