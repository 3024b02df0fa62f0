"""A table of JATS as text, one row a block, each cell with the head of its column."""

from __future__ import annotations

from collections.abc import Iterator

from consilium.adapters.sources.inline import Element, name_of, words_in

# What has more rows is data, not a table that somebody reads.
_MOST_ROWS = 400
_WIDEST = 60


def label_of(wrap: Element) -> str:
    """What a table is called: its number and caption."""
    number = next((words_in(child) for child in wrap if name_of(child) == "label"), "").rstrip(".:")
    caption = next((child for child in wrap if name_of(child) == "caption"), None)
    titles = (
        [words_in(part) for part in caption if name_of(part) in {"title", "p"}] if caption is not None else []
    )
    return ". ".join(part for part in (number, *[title.rstrip(".") for title in titles]) if part)


def rows_of(wrap: Element) -> Iterator[str]:
    """The rows of its tables, then its footnotes."""
    for table in wrap.iter("{*}table"):
        yield from _rows(table)
    for foot in wrap.iter("{*}table-wrap-foot"):
        for note in foot.iter("{*}p"):
            yield words_in(note)


def _rows(table: Element) -> Iterator[str]:
    heads: list[str] = []
    for count, row in enumerate(table.iter("{*}tr")):
        if count >= _MOST_ROWS:
            return
        cells = _cells(row)
        above = row.getparent()
        if above is not None and name_of(above) == "thead":
            heads = _under(heads, cells)
        elif any(cells):
            yield _row(heads, cells)


def _cells(row: Element) -> list[str]:
    """The texts of a row, one a column; what spans several stands in the first of them."""
    cells: list[str] = []
    for cell in row:
        if name_of(cell) in {"td", "th"}:
            span = cell.get("colspan", "1")
            wide = int(span) if span.isdecimal() and len(span) < 3 else 1
            cells += [words_in(cell), *[""] * (min(max(wide, 1), _WIDEST) - 1)]
    return cells[:_WIDEST]


def _under(heads: list[str], cells: list[str]) -> list[str]:
    """Heads of columns with a further row of heads under them."""
    if not heads:
        return cells
    wide, last = [], ""
    for number in range(max(len(heads), len(cells))):
        last = (heads[number] if number < len(heads) else "") or last
        own = cells[number] if number < len(cells) else ""
        wide.append(f"{last} {own}".strip() if own != last else own)
    return wide


def _row(heads: list[str], cells: list[str]) -> str:
    first, rest = cells[0], cells[1:]
    if not any(rest):
        return first
    if len(heads) != len(cells):
        return " | ".join(cell for cell in cells if cell)
    pairs = [f"{head}: {cell}" if head else cell for head, cell in zip(heads[1:], rest, strict=True) if cell]
    return f"{first} | {'; '.join(pairs)}" if first else "; ".join(pairs)
