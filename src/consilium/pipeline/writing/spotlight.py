"""Words of a source as a model may see them: nothing hidden, and between marks that no source can know."""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from consilium.pipeline.plain import without_unseen

Mark = Callable[[], str]
# Letters of fillers that print as nothing, beside what ``without_unseen`` takes out.
_FILLERS = re.compile("[\u115f\u1160\u3164\uffa0\u2800\ufe00-\ufe0f]|[\U000e0000-\U000e0fff]")
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z!][^>]{0,200}>", re.DOTALL)


def random_mark() -> str:
    """A mark for one request, which nobody can have written into a source."""
    return f"~{secrets.token_hex(3)}~"


def stripped(text: str) -> str:
    """A text without what a reader would not see: formats, controls, fillers, comments, tags."""
    seen = _TAG.sub(" ", without_unseen(_FILLERS.sub("", text)))
    kept = "".join(" " if unicodedata.category(c).startswith("C") else c for c in seen)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def fresh(mark: Mark, texts: Sequence[str]) -> str:
    """A mark that stands in none of the texts."""
    while any((made := mark()) in text for text in texts):
        continue
    return made


def between(mark: str, text: str) -> str:
    """A text between two copies of the mark."""
    return f"{mark}{stripped(text)}{mark}"


def material(mark: str, **parts: Any) -> str:
    """The data of one request as compact JSON, its mark first."""
    return json.dumps({"datamark": mark, **parts}, ensure_ascii=False, separators=(",", ":"))


def passage(mark: str, name: str, text: str, about: Mapping[str, str | None]) -> dict[str, str]:
    """One passage as the model sees it: its name, its words between marks, and what is known of it."""
    known = {key: stripped(value) for key, value in about.items() if value}
    return {"id": name, "text": between(mark, text), **known}
