"""Edits of how a statement is worded for one audience; what is claimed stays as it is."""

from __future__ import annotations

from dataclasses import replace

from consilium.domain.question import Audience
from consilium.errors import EditRefused
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.fidelity import reworded
from consilium.pipeline.revising.manuscript import Manuscript, graded, words_of


def word(manuscript: Manuscript, name: str, audience: Audience, text: str, lexicon: Lexicon) -> Manuscript:
    """Word a statement for one audience; its glosses stay.

    Raises:
        EditRefused: the words have other amounts, drugs or negations, or cannot be shown.
    """
    claim = manuscript.claim(name)
    words = words_of(text)
    if faults := list(reworded(claim.claim.text, words, lexicon)):
        raise EditRefused(
            f"For {audience.value}s this would have {', '.join(faults)}. The amounts, drugs and negations of "
            "the statement stay the same for every reader. Write them as the statement has them."
        )
    if not any(rendering.audience == audience.value for rendering in manuscript.renderings):
        raise EditRefused(f"This article is not worded for {audience.value}s. Choose another audience.")
    renderings = tuple(
        graded(r, tuple((c, replace(w, text=words) if c == name else w) for c, w in r.claims))
        if r.audience == audience.value
        else r
        for r in manuscript.renderings
    )
    return replace(manuscript, renderings=renderings, told=())
