"""The commands, put together."""

from __future__ import annotations

import typer

from consilium import __version__
from consilium.cli import (
    ask,
    audit,
    doctor,
    embed,
    evaluate,
    evaluate_checks,
    evaluate_claims,
    evaluate_effects,
    evaluate_gate,
    evaluate_retrieval,
    library,
    library_add,
    library_upkeep,
    models,
    record,
    replay,
    serve,
    show,
)

app = typer.Typer(
    name="consilium",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Answers clinical questions with articles in which every sentence shows the words it rests on.",
    epilog="Not a medical device. The evidence that ships with it has not been reviewed.",
)
library_app = typer.Typer(no_args_is_help=True, help="Look after the library of evidence.")
models_app = typer.Typer(no_args_is_help=True, help="Look after the embedding model.")
audit_app = typer.Typer(no_args_is_help=True, help="Look after the log of what was done on the site.")
evaluate_app = typer.Typer(no_args_is_help=True, help="Measure how good the answers are.")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"consilium {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    pass


app.command("ask")(ask.ask)
app.command("show")(show.show)
app.command("check")(show.check)
app.command("record")(record.record)
app.command("replay")(replay.replay)
app.command("doctor")(doctor.doctor)
app.command("serve")(serve.serve)
app.command("work")(serve.work)
app.command("operator-link")(serve.operator_link)
library_app.command("info")(library.info)
library_app.command("add")(library_add.add)
library_app.command("remove")(library_upkeep.remove)
library_app.command("changes")(library.changes)
library_app.command("check")(library.check)
library_app.command("export")(library_upkeep.export_)
library_app.command("compact")(library_upkeep.compact)
library_app.command("backup")(library_upkeep.backup)
library_app.command("rebuild")(library.rebuild)
library_app.command("embed")(embed.embed)
models_app.command("install")(models.install)
models_app.command("list")(models.list_)
audit_app.command("head")(audit.head)
audit_app.command("verify")(audit.verify)
audit_app.command("export")(audit.export)
audit_app.command("anchor")(audit.anchor)
evaluate_app.command("coverage")(evaluate.coverage)
evaluate_app.command("golden")(evaluate.golden)
evaluate_app.command("no-answer")(evaluate.no_answer)
evaluate_app.command("rewordings")(evaluate.rewordings)
evaluate_app.command("lexicon")(evaluate.lexicon)
evaluate_app.command("relevance")(evaluate.relevance)
evaluate_app.command("retrieval")(evaluate_retrieval.retrieval)
evaluate_app.command("claims")(evaluate_claims.claims)
evaluate_app.command("checks")(evaluate_checks.checks)
evaluate_app.command("gate")(evaluate_gate.gate)
evaluate_app.command("effects")(evaluate_effects.effects)
evaluate_app.command("log")(evaluate_retrieval.show_log)
app.add_typer(library_app, name="library")
app.add_typer(models_app, name="models")
app.add_typer(audit_app, name="audit")
app.add_typer(evaluate_app, name="evaluate")
