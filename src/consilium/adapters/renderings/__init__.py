"""Text, Markdown and HTML of an answer; renderings of the contract that add no claim."""

from __future__ import annotations

from typing import Any


def render(answer: dict[str, Any], form: str, *, width: int = 88, colour: bool = False) -> str:
    """An answer as ``text``, ``markdown`` or ``html``.

    Args:
        answer: the object of the article contract.
        form: which rendering.
        width: columns of the text rendering.
        colour: whether the text rendering may use ANSI styles.
    """
    from consilium.adapters.renderings.outline import outline  # noqa: PLC0415

    parts = outline(answer)
    if form == "html":
        from consilium.adapters.renderings.html import as_html  # noqa: PLC0415

        return as_html(parts)
    if form == "markdown":
        from consilium.adapters.renderings.markdown import as_markdown  # noqa: PLC0415

        return as_markdown(parts)
    from consilium.adapters.renderings.text import as_text  # noqa: PLC0415

    return as_text(parts, width, colour=colour)
