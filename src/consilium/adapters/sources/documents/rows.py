"""A row of a table in one line, with the names of its columns where its cells do not speak for themselves."""

from __future__ import annotations

from collections.abc import Sequence

NAME_WORDS = 5  # the heading of a column up to here is its name
OWN_WORDS = 5  # a cell with more words needs no name in front


def row_of(header: Sequence[str], cells: Sequence[str]) -> str:
    """The cells of a row, parted by bars; short ones after the name of their column ("COR: 1")."""
    shown = []
    for at, cell in enumerate(cells):
        name = header[at].rstrip(" :") if at < len(header) else ""
        short = len(name.split()) <= NAME_WORDS and len(cell.split()) <= OWN_WORDS
        named = name and short and name != cell and not cell.endswith((".", "!", "?"))
        if cell:
            shown.append(f"{name}: {cell}" if named else cell)
    return " | ".join(shown)


def is_names(cells: Sequence[str]) -> bool:
    """Whether the first row of a table only names its columns."""
    return all(len(cell.split()) <= NAME_WORDS for cell in cells)
