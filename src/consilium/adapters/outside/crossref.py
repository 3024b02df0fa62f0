"""Crossref by its REST interface: what is registered of a DOI, and which notices update it.

Described in the "Crossref REST API" documentation (api.crossref.org/swagger-ui).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from consilium.adapters.outside.client import Answer, Client
from consilium.adapters.outside.markup import read_object
from consilium.adapters.outside.pace import Pace

_JSON, _DAY = ("application/json",), 86_400.0
_MOST_NOTICES = 20


class Crossref:
    """Asks Crossref."""

    def __init__(self, client: Client, base: str, pace: Pace, email: str | None = None) -> None:
        """``base`` ends with a slash; ``email`` is the operator's."""
        self._client, self._base, self._pace = client, base, pace
        self._keys = {"mailto": email} if email else {}

    def work(self, doi: str) -> Answer[dict[str, Any]]:
        """What is registered of a DOI.

        Raises:
            OutsideError: Crossref cannot be asked, or knows no such DOI.
        """
        return self._asked(f"works/{quote(doi, safe='')}", {}, _work)

    def notices(self, doi: str) -> Answer[tuple[dict[str, Any], ...]]:
        """The works that say that they update a DOI: retractions, corrections; each with its ``update-to``.

        Raises:
            OutsideError: Crossref cannot be asked.
        """
        return self._asked("works", {"filter": f"updates:{doi}", "rows": str(_MOST_NOTICES)}, _works)

    def _asked(self, path: str, asked: dict[str, str], read: Any) -> Answer[Any]:
        return self._client.get(
            self._base + path,
            read,
            types=_JSON,
            parameters=asked,
            keys=self._keys,
            pace=self._pace,
            fresh=_DAY,
        )


def _work(body: bytes) -> dict[str, Any]:
    message = read_object(body).get("message")
    if not isinstance(message, dict) or "DOI" not in message:
        raise ValueError("it is no work")
    return message


def _works(body: bytes) -> tuple[dict[str, Any], ...]:
    message = read_object(body).get("message")
    items = message.get("items") if isinstance(message, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) and "DOI" in item for item in items):
        raise ValueError("it is no list of works")
    return tuple(items)
