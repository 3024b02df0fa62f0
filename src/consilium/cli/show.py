"""``consilium show`` a source, and ``consilium check`` a file against the contract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consilium.cli.common_options import LibraryOption, open_world
from consilium.errors import LibraryError, MalformedArticle
from consilium.pipeline.frames import nlm


def show(
    source_id: Annotated[str, typer.Argument(help="For example nice-ng234, or nice-ng234#1.")],
    library: LibraryOption = None,
) -> None:
    """Show a source with all its statements, as the library holds it."""
    world = open_world(library)
    source = world.library.source(source_id.split("#")[0])
    if source is None:
        raise LibraryError(f"The library holds no source {source_id!r}; see `consilium library info`.")
    checked = f"checked {source.status_checked_on}" if source.status_checked else "currency not checked"
    typer.echo(nlm(source))
    typer.echo(f"{source.design}; {source.status.value} ({checked}); version {source.version}")
    if source.status_note:
        typer.echo(f"Note: {source.status_note}")
    if source.url:
        typer.echo(source.url)
    for sentence in world.library.sentences(source.id):
        if "#" in source_id and sentence.id != source_id:
            continue
        grade = f" [{sentence.grade.native}]" if sentence.grade.native else ""
        typer.echo(
            f"\n{sentence.id}  {sentence.kind.value}, {sentence.origin.value}, {sentence.checked.value}{grade}"
        )
        typer.echo(f"  {sentence.text}")
        for qualifier in sentence.qualifiers:
            typer.echo(f"  - {qualifier}")


def check(
    file: Annotated[Path, typer.Argument(help="An article as JSON.", metavar="FILE")],
    library: LibraryOption = None,
) -> None:
    """Check an article against the schema, the invariants and the library."""
    from consilium.adapters.contract.check import check as faults_of  # noqa: PLC0415
    from consilium.adapters.contract.check import load_article  # noqa: PLC0415

    article = load_article(file)
    world = open_world(library)

    def held(sentence_id: str) -> str | None:
        found = world.library.sentence(sentence_id)
        return found.text if found else None

    faults = faults_of(article, world.lexicon, held)
    if faults:
        raise MalformedArticle(f"{file} breaks the contract:\n" + "\n".join(f"  {f}" for f in faults))
    typer.echo(f"{file} keeps the contract.")
