"""``consilium evaluate``: coverage over known questions, and the golden cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from consilium.api import encoded, outcome_of
from consilium.cli.common_options import LibraryOption, open_world
from consilium.domain.article import Abstention
from consilium.domain.question import Question
from consilium.errors import QuestionError
from consilium.evaluation import coverage as measure
from consilium.evaluation import golden as cases
from consilium.evaluation import naming
from consilium.evaluation import relevance as relevant
from consilium.pipeline.answer import World


def coverage(
    questions: Annotated[Path | None, typer.Option(help="Known questions; default: those shipped.")] = None,
    split: Annotated[str, typer.Option(help="train, test or all.")] = "test",
    library: LibraryOption = None,
    details: Annotated[bool, typer.Option("--details", help="List what each answer lacks.")] = False,
) -> None:
    """Do answers hold what they must? Thresholds were fixed on train; report on test."""
    world = open_world(library)
    rows = []
    for topic in measure.topics(questions):
        if split in {"all", topic.split}:
            rows.append(measure.judge(topic, outcome_of(measure.asked(topic), world)))
    for name, value in measure.summary(rows, world.library).items():
        typer.echo(f"{name:<42} {value:,.3f}" if isinstance(value, float) else f"{name:<42} {value}")
    if details:
        for row in rows:
            if row.missing or row.stray:
                typer.echo(json.dumps({"id": row.topic.id, "missing": row.missing, "stray": row.stray}))


def no_answer(
    split: Annotated[str, typer.Option(help="train, test or all.")] = "test",
    library: LibraryOption = None,
    details: Annotated[bool, typer.Option("--details", help="List what was answered wrongly.")] = False,
) -> None:
    """Does Consilium abstain where the library holds no answer?"""
    world = open_world(library)
    rows = [q for q in measure.unanswerable() if split in {"all", measure.split_of(q.id)}]
    wrong = [q for q in rows if _answered(q.question, world)]
    typer.echo(f"{'questions':<42} {len(rows)}")
    typer.echo(f"{'abstains':<42} {1 - len(wrong) / max(1, len(rows)):.3f}")
    for kind in sorted({q.kind for q in rows}):
        mine = [q for q in rows if q.kind == kind]
        typer.echo(f"  {kind:<40} {1 - sum(q in wrong for q in mine) / len(mine):.3f}")
    if details:
        for q in wrong:
            typer.echo(f"{q.id} {q.question.text}")


def _answered(question: Question, world: World) -> bool:
    try:
        return not isinstance(outcome_of(question, world).result, Abstention)
    except QuestionError:  # told kindly that it cannot be read: no answer was given
        return False


def rewordings(
    split: Annotated[str, typer.Option(help="train, test or all.")] = "test",
    library: LibraryOption = None,
    new: Annotated[bool, typer.Option("--new", help="Those that nothing was ever tuned on.")] = False,
) -> None:
    """Are known questions still answered in the words that people use?"""
    world = open_world(library)
    styles: dict[str, list[measure.Judged]] = {}
    for style, topic in measure.rewordings(new=new):
        if split in {"all", topic.split}:
            row = measure.judge(topic, outcome_of(measure.asked(topic), world))
            styles.setdefault(style, []).append(row)
    styles["all"] = [row for rows in styles.values() for row in rows]
    for style, rows in styles.items():
        got = measure.summary(rows, world.library)
        typer.echo(
            f"{style:<14} {len(rows):>4} questions, cites a listed source "
            f"{got['cites a listed source']:.3f}, must {got['must statements held (mean)']:.3f}, "
            f"abstains {got['abstains wrongly']:.3f}"
        )


def relevance(
    library: LibraryOption = None,
) -> None:
    """How much of what is cited did readers judge to be off the topic? On the training half."""
    world = open_world(library)
    judged = relevant.judgements()
    asked = [t for t in measure.topics() if any(question == t.id for question, _ in judged)]
    got = relevant.relevance(((t, outcome_of(measure.asked(t), world)) for t in asked), judged)
    cited = sum(got.counts.values())
    typer.echo(f"{'answers':<42} {got.answers}")
    typer.echo(f"{'statements cited':<42} {cited}")
    typer.echo(f"{'  judged by nobody':<42} {got.counts.get(None, 0)}")
    for name, what in (("belong", relevant.BELONGS), ("loose", relevant.LOOSE), ("off topic", relevant.OFF)):
        typer.echo(f"{'  ' + name:<42} {got.share(what):.3f}")


def lexicon(
    questions: Annotated[
        Path, typer.Argument(help="Questions: one a line, as text or as JSON with `question`.")
    ],
    library: LibraryOption = None,
    most: Annotated[int, typer.Option(min=0, help="How many unknown words to list.")] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Does the lexicon know the words of these questions? Lists the commonest that it does not."""
    got = naming.naming(naming.questions_in(questions), open_world(library).lexicon)
    unknown, plain = got.unknown.most_common(most), got.plain.most_common(most)
    if as_json:
        counts = {"questions": got.questions, "named": got.named, "words": got.words}
        typer.echo(json.dumps({**counts, "unknown": dict(unknown), "plain": dict(plain)}, ensure_ascii=False))
        return
    typer.echo(f"{'questions':<42} {got.questions}")
    typer.echo(f"{'name a topic':<42} {got.named / max(1, got.questions):.3f}")
    typer.echo(f"{'words unknown':<42} {got.unknown.total() / max(1, got.words):.3f}")
    for title, words in (("unknown", unknown), ("plain English, not known to name anything", plain)):
        typer.echo(f"{title}: " + ", ".join(f"{word} {count}" for word, count in words))


def golden(library: LibraryOption = None) -> None:
    """Run the golden clinical cases and their twins; a failing one blocks a release."""
    world = open_world(library)
    failed = 0
    for case in cases.cases():
        answer = encoded(outcome_of(case.asked, world), world)
        faults = cases.judge(case, answer)
        failed += bool(faults)
        typer.echo(f"{'FAIL' if faults else 'ok  '} {case.id}  {case.asked.text[:80]}")
        for fault in faults:
            typer.echo(f"       {fault}")
    typer.echo(f"{failed} failed")
    raise typer.Exit(1 if failed else 0)
