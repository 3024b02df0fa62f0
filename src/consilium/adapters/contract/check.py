"""Check a file against the contract: its schema, then its invariants."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from consilium.adapters.contract.codec import Json
from consilium.adapters.contract.invariants import Look, faults
from consilium.errors import MalformedArticle
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.fidelity import drugs_in

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


@cache
def validator() -> Validator:
    """The validator of the article schema (2020-12)."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import

    schema = resources.files("consilium.adapters.contract").joinpath("article.schema.json")
    return Draft202012Validator(json.loads(schema.read_text("utf-8")))


def check(article: Any, lexicon: Lexicon, library: Look = lambda _: None) -> list[str]:
    """Every fault of an article, in words; an empty list means that it keeps the contract."""
    errors = [
        f"schema: {'/'.join(map(str, error.absolute_path)) or 'article'}: {error.message[:160]}"
        for error in validator().iter_errors(article)
    ]
    if errors:
        return errors
    return faults(article, lambda text: drugs_in(text, lexicon), library)


def check_worded(document: Json, renderings: Mapping[str, Json], lexicon: Lexicon) -> list[str]:
    """The faults of a document under each of its wordings, or as it is where it has none; no review covers it."""
    worded: list[Json | None] = [*renderings.values()] or [None]
    bare = {**document, "review": None}
    return [fault for body in worded for fault in check({**bare, "rendering": body}, lexicon)]


def load_article(path: Path) -> Json:
    """A file as JSON.

    Raises:
        MalformedArticle: it cannot be read, or is not a JSON object.
    """
    try:
        loaded = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        raise MalformedArticle(f"{path} cannot be read as a Consilium article: {fault}.") from fault
    if not isinstance(loaded, dict):
        raise MalformedArticle(f"{path} holds no article: the outermost value must be an object.")
    return loaded
