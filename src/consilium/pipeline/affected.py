"""Whether a change of a source touches an answer that cites it, and what the reader is told."""

from __future__ import annotations

from typing import Any

from consilium.domain.change import ChangeKind, StatusChange

_SAID = {
    ChangeKind.RETRACTED: "was retracted",
    ChangeKind.CONCERN: "had an expression of concern published about it",
    ChangeKind.CORRECTED: "was corrected by its publisher",
    ChangeKind.WITHDRAWN: "was withdrawn",
    ChangeKind.SUPERSEDED: "was superseded",
    ChangeKind.EXPIRED: "lapsed by its issuer's rule",
    ChangeKind.NEW_EDITION: "was replaced by a new edition",
    ChangeKind.TEXT_CHANGED: "reads differently in the library",
    ChangeKind.VANISHED: "was taken out of the library",
    ChangeKind.RESTORED: "was restored",
}
# These change no version of the source itself, so an answer cannot know of them already.
_FROM_OUTSIDE = {ChangeKind.NEW_EDITION, ChangeKind.VANISHED}


def affected(document: dict[str, Any], change: StatusChange) -> str | None:
    """A sentence for the reader where an answer cites what changed; None where it does not.

    An answer that was made from the changed version knows of it already. The date is that on
    which the library learnt of the change.

    Args:
        document: an object of the article contract.
    """
    content = document["content"]
    cited = (r for r in content.get("references", ()) if r["source"] == change.source)
    reference = next(cited, None)
    if reference is None:
        return None
    if change.kind not in _FROM_OUTSIDE and reference["version"] >= change.version:
        return None
    if change.sentence and change.sentence not in _sentences(content):
        return None
    said = "was partly superseded" if change.now == "partly_superseded" else _SAID[change.kind]
    part = "A statement of " if change.sentence else ""
    since = "since" if change.kind is ChangeKind.TEXT_CHANGED else "on"
    return f"{part}{_named(reference)}, cited here, {said} {since} {change.at[:10]}."


def _sentences(content: dict[str, Any]) -> set[str]:
    return {
        sentence["id"]
        for claim in content["claims"].values()
        for citation in claim["citations"]
        for sentence in citation["sentences"]
    }


def _named(reference: dict[str, Any]) -> str:
    """Who issued a source, its number where the issuer gives one, and the year."""
    names = reference["organisation"]
    body = "/".join(names[:3]) + (" and others" if len(names) > 3 else "")
    body = body or (reference["authors"] or "").split(",")[0].strip() or f"“{reference['title']}”"
    number = reference["source"].removeprefix(f"{body.lower()}-")
    if number != reference["source"] and any(c.isdigit() for c in number) and "-" not in number:
        body = f"{body} {number.upper()}"
    return f"{body} ({reference['year']})" if reference["year"] else body
