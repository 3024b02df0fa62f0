"""Edit an object of the contract: decode it, edit it, encode it, and check all of it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from consilium.adapters.contract.check import check_worded
from consilium.adapters.contract.codec import Json, article_json, digest, rendering_json
from consilium.adapters.contract.decode import article_of, rendering_of
from consilium.errors import EditRefused
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.revising.manuscript import Manuscript
from consilium.ports import Library

Edit = Callable[[Manuscript], Manuscript]


@dataclass(frozen=True, slots=True)
class Revision:
    """What an edit made.

    Attributes:
        document: the object of the contract; no review covers it.
        renderings: its wording by audience.
        told: what the edit did besides what was asked for, a sentence each.
    """

    document: Json
    renderings: dict[str, Json]
    told: tuple[str, ...]


def revise(
    document: Json, renderings: Mapping[str, Json], edit: Edit, library: Library, lexicon: Lexicon
) -> Revision:
    """Apply an edit to an article with its wordings; what was given stays as it was.

    How the article came about (``run``) is carried over. The edit may not bring about any fault
    that was not there; a fault that was there does not stand in the way of putting it right.

    Raises:
        EditRefused: the edit was refused, with a sentence for the editor.
    """
    if document["kind"] != "article":
        raise EditRefused("An abstention states nothing that could be edited. Ask the question anew.")
    wordings = tuple(rendering_of(body) for body in renderings.values())
    after = edit(Manuscript(article_of(document["content"], library.version), wordings))
    content = article_json(after.article)
    worded = {rendering.audience: rendering_json(rendering) for rendering in after.renderings}
    audience = (document["rendering"] or {}).get("audience")
    made = {
        **document,
        "id": digest(content),
        "content": content,
        "rendering": worded.get(audience) if audience else None,
        "review": None,
    }
    if new := check_worded(made, worded, lexicon):
        old = check_worded(document, renderings, lexicon)
        new = [fault for fault in new if fault not in old]
        if new:
            raise EditRefused(f"This edit would break the article ({new[0]}). Undo part of it, or ask anew.")
    return Revision(made, worded, after.told)
