"""Renderings: the JSON of the article contract as text, Markdown or one HTML page.

All three lay out the same outline (``outline.py``), so they cannot differ in what they say; none
adds a claim. They take any object of the contract, an article or an abstention.
"""

from __future__ import annotations

from typing import Any


def render(article: dict[str, Any], form: str, *, width: int | None = None, colour: bool = False) -> str:
    """An article or an abstention, written out.

    Args:
        article: the JSON object of the contract.
        form: ``text``, ``markdown`` or ``html``.
        width: columns of a text; 88 by default, no matter for the other forms.
        colour: whether a text may carry terminal colours.

    Raises:
        ValueError: there is no such form.
    """
    if form == "text":
        from consilium.adapters.renderings.text import as_text  # noqa: PLC0415 - rich is slow to load

        return as_text(article, width=width, colour=colour)
    if form == "markdown":
        from consilium.adapters.renderings.markdown import as_markdown  # noqa: PLC0415

        return as_markdown(article)
    if form == "html":
        from consilium.adapters.renderings.html import as_html  # noqa: PLC0415

        return as_html(article)
    raise ValueError(f"There is no form {form!r}; choose text, markdown or html.")
