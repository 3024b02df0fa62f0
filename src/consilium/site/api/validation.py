"""What of a request is not as documented, in plain sentences and without a word of the asker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_ELSE = "is not as documented"
_SAYS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be text",
    "string_pattern_mismatch": "must be one line of text",
    "string_too_short": "must have at least {min_length} character{s}",
    "string_too_long": "may have at most {max_length} character{s}",
    "enum": "must be {expected}",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "may be at most {le}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "uuid_type": "must be an id, as in an address of this site",
    "uuid_parsing": "must be an id, as in an address of this site",
    "dict_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "model_attributes_type": "must be a JSON object",
}
_PLACES = {"body": "the body", "query": "the query", "path": "the address", "header": "the headers"}


def faults(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each fault: where it is (``body.question``), and what is wrong there as a sentence."""
    return [_fault(error) for error in errors]


def _fault(error: Mapping[str, Any]) -> dict[str, str]:
    place, names = error["loc"][0], _names(error["loc"])
    field = f"“{'.'.join(names)}” in {_PLACES.get(place, place)}" if names else _PLACES.get(place, place)
    context = {name: str(value).replace("'", "") for name, value in (error.get("ctx") or {}).items()}
    many = context.get("min_length", context.get("max_length")) != "1"
    says = _SAYS.get(error["type"], _ELSE).format(**context, s="s" if many else "")
    return {"at": ".".join([place, *names]), "says": f"{field[0].upper()}{field[1:]} {says}."}


def _names(loc: Sequence[Any]) -> list[str]:
    """The field; in a body without the framework's own name for the whole."""
    return [str(name) for name in (loc[2:] if loc[0] == "body" else loc[1:])]
