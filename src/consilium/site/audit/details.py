"""What an entry may say: references and words of fixed lists, never a person's data or a question.

An entry cannot be changed or deleted, so nothing may enter it that somebody has a right to have
deleted. Free text is refused altogether: a string has to be a reference of a kind listed here, and
a word has to be a member of an ``Enum``, that is, written in the code. What was said in words (a
note, a statement of interests) is kept where it can be deleted, and its digest is recorded.
"""

from __future__ import annotations

import enum
import re
import uuid
from collections.abc import Mapping
from typing import Any

Detail = bool | int | str | uuid.UUID | enum.Enum
_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# A kind of thing and how its ids look. Whoever adds one makes sure that no id can name a person: no
# numbers of accounts, for which there are pseudonyms (``recording.pseudonym``).
REFERENCES: Mapping[str, str] = {
    "actor": _UUID,
    "article": _UUID,
    "run": _UUID,
    "revision": r"[0-9]{1,9}",
    "review": r"[0-9]{1,9}",
    "report": r"[0-9]{1,9}",
    "invitation": r"[0-9]{1,9}",
    "operator-link": r"[0-9]{1,9}",
    "claim": r"c-[0-9a-f]{12}",
    "source": r"[a-z0-9][a-z0-9._-]{0,99}(#[0-9]{1,5})?",
    "sha256": r"[0-9a-f]{64}",
}
# Below a telephone number, a date of birth in digits, or a patient's number.
LARGEST = 999_999
MOST = 12
_ACTION = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,30}")
_KEY = re.compile(r"[a-z][a-z_]{0,29}")
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class NotForTheLog(ValueError):
    """The audit log does not take this; the message never quotes what was refused."""


def action_named(action: str) -> str:
    """The action, if it looks like one.

    Raises:
        NotForTheLog: it does not.
    """
    if not _ACTION.fullmatch(action):
        raise NotForTheLog("An action is two words in small letters: article.approved.")
    return action


def reference(text: str) -> str:
    """The reference, if it is of a kind that is listed.

    Raises:
        NotForTheLog: it is not.
    """
    kind, _, name = text.partition(":")
    if kind not in REFERENCES or not re.fullmatch(REFERENCES[kind], name):
        raise NotForTheLog(f"A reference is KIND:ID, and KIND is one of {', '.join(REFERENCES)}.")
    return text


def plain(details: Mapping[str, Detail]) -> dict[str, Any]:
    """Details as they are kept.

    Raises:
        NotForTheLog: there are too many, or one is not of the small shape that is allowed.
    """
    if len(details) > MOST:
        raise NotForTheLog(f"An entry has at most {MOST} details.")
    if not all(isinstance(key, str) and _KEY.fullmatch(key) for key in details):
        raise NotForTheLog("The name of a detail is a word in small letters.")
    return {key: _plain(key, value) for key, value in details.items()}


def _plain(key: str, value: Detail) -> bool | int | str:
    if isinstance(value, enum.Enum):
        if isinstance(value.value, str) and _WORD.fullmatch(value.value):
            return value.value
    elif isinstance(value, bool) or (isinstance(value, int) and 0 <= value <= LARGEST):
        return value
    elif isinstance(value, uuid.UUID):
        return str(value)
    elif isinstance(value, str):
        return reference(value)
    raise NotForTheLog(
        f"The detail {key} is none of: yes or no, a number up to {LARGEST}, a member of an Enum, "
        "a UUID, a reference."
    )
