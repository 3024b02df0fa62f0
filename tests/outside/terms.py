"""As much of PubMed's query language as the stand-in needs: phrases with fields, AND, OR, NOT, brackets."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r'\(|\)|\b(?:AND|OR|NOT)\b|"(?P<quoted>[^"]*)"(?:\[(?P<field>[^\]]+)\])?|(?P<plain>[^\s()"]+)'
)


def matching(query, records):
    """The records that a query finds, in their order."""
    return [record for record in records if _Reading(query).holds(record)]


def phrases(query):
    """The phrases of a query, each with its field."""
    return [(m["quoted"], m["field"]) for m in _TOKEN.finditer(query) if m["quoted"] is not None]


class _Reading:
    """One reading of a query: operators from left to right, as PubMed reads them."""

    def __init__(self, query):
        self._tokens = list(_TOKEN.finditer(query))
        self._at = 0

    def holds(self, record):
        found = self._row(record)
        assert self._at == len(self._tokens), "brackets do not match"
        return found

    def _row(self, record):
        found = self._one(record)
        while self._at < len(self._tokens) and self._tokens[self._at][0] in {"AND", "OR", "NOT"}:
            operator = self._tokens[self._at][0]
            self._at += 1
            other = self._one(record)
            found = {"AND": found and other, "OR": found or other, "NOT": found and not other}[operator]
        return found

    def _one(self, record):
        token = self._tokens[self._at]
        self._at += 1
        if token[0] == "(":
            found = self._row(record)
            assert self._tokens[self._at][0] == ")"
            self._at += 1
            return found
        assert token["quoted"] is not None, f"a bare word would be read in PubMed's own way: {token[0]}"
        return _found(token["quoted"].lower(), token["field"], record)


def _found(phrase, field, record):
    text = f"{record['title']} {record['abstract']}".lower()
    if field == "tiab":
        return re.search(rf"\b{re.escape(phrase)}\b", text) is not None
    if field == "mh":
        return phrase in [name.lower() for name in record["mesh"]]
    if field == "pt":
        return phrase in [name.lower() for name in record["types"]]
    raise AssertionError(f"the stand-in knows no field {field}")
