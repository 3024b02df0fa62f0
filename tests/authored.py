"""Replies that a person authored, as a model: see ``tests/fixtures/authored/README.md``."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from consilium.adapters.models import cassettes
from consilium.adapters.models.cassettes import written
from consilium.adapters.models.replayed import Replayed
from consilium.adapters.renderings import render
from consilium.api import encoded, outcome_of
from consilium.domain.question import Audience, Question
from consilium.pipeline.answer import World
from consilium.pipeline.trace import Outcome
from consilium.pipeline.writing.desk import Writer
from consilium.pipeline.writing.spotlight import stripped
from consilium.ports import ModelReply, ModelRequest
from tests.editors import unmarked

FOLDER = Path(__file__).parent / "fixtures" / "authored"
NAME, MARK = "authored replies", "~7f3a2c~"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def authored(name: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


def asked(name: str) -> Question:
    body = authored(name)
    return Question(body["question"], Audience(body.get("audience", "clinician")))


class Authored:
    """The authored replies of one question, for whatever names its sentences have in a request."""

    sent_to = None

    def __init__(self, name: str, world: World) -> None:
        self._body, self._library = authored(name), world.library
        self.exchanges: list[tuple[ModelRequest, Any]] = []

    def reply(self, request, *, seconds, cancelled=lambda: False):
        value = getattr(self, f"_{request.stage}")(unmarked(request.material))
        self.exchanges.append((request, value))
        return ModelReply(value, NAME, None, None, 0.0)

    def _names(self, shown):
        """The name that each sentence has in a request, by its id."""
        by_text = {row["text"]: row["id"] for row in shown}
        ids = {*self._body["select"], *(i for row in self._body["write"] for i in row["ids"])}
        texts = {i: stripped(self._library.sentence(i).text) for i in ids}
        return {i: by_text[text] for i, text in texts.items() if text in by_text}

    def _select(self, material):
        names = self._names(material["passages"])
        return {
            "passages": [
                {"id": names[i], "anchor": row[0], "relation": row[1], "stance": (*row, "none")[2]}
                for i, row in self._body["select"].items()
            ]
        }

    def _write(self, material):
        names = self._names(material["sentences"])
        return {
            "claims": [
                {**row, "text": row["text"].strip(), "ids": [names[i] for i in row["ids"]]}
                for row in self._body["write"]
            ]
        }

    def _found(self, stage, text):
        return next((v for k, v in self._body.get(stage, {}).items() if text.startswith(k)), None)

    def _verify(self, material):
        verdict, why = self._found("verify", material["claim"]) or ("entailed", "each part is said there")
        return {"verdict": verdict, "why": why}

    def _repair(self, material):
        found = [(row["claim"], self._found("repair", row["text"])) for row in material["claims"]]
        return {"claims": [{"claim": claim, "text": text} for claim, text in found if text]}

    def _tailor(self, material):
        rows = ((row["id"], self._found("tailor", row["text"])) for row in material["claims"])
        return {"claims": [{"id": name, "text": text} for name, text in rows if text]}

    def _compare(self, material):
        return {
            "pairs": [
                {"id": row["id"], "verdict": "entailed", "why": "the same"} for row in material["pairs"]
            ]
        }


def with_authored(name: str, world: World, model: Any = None) -> World:
    return replace(world, writer=Writer(model or Authored(name, world), NAME, mark=lambda: MARK))


CASSETTES = FOLDER.parent / "cassettes"
EXAMPLES = FOLDER.parents[2] / "docs" / "examples"
DATE = datetime.date(2026, 11, 30)
_NOTE = """> [!NOTE]
> **An example, unreviewed.** No model wrote this. The replies were authored by hand, as an excellent medical editor
> would write from the selected sentences and nothing beyond them, and are played back; everything else is what
> `consilium ask` does with any model. {rebuilt}

"""
_REBUILT = (
    "`python tools/author_replies.py` makes this page, and a test\n> holds it against what is made now."
)


def example(name: str, world: World, model: Any = None) -> tuple[dict[str, Any], Outcome, str]:
    """The answer to an example, how it came about, and its page."""
    made = with_authored(name, world, model)
    outcome = outcome_of(replace(asked(name), as_of=DATE), made)
    answer = encoded(outcome, made)
    return answer, outcome, _NOTE.format(rebuilt=_REBUILT) + render(answer, "markdown")


def recorded(name: str, world: World) -> str:
    """The cassette of an example, made from its authored replies."""
    model = Authored(name, world)
    example(name, world, model)
    return written(
        cassettes.authored(request, json.dumps(value, ensure_ascii=False), DATE.isoformat())
        for request, value in model.exchanges
    )


def replayed(name: str) -> Replayed:
    """The model that says what the cassette of an example holds."""
    return Replayed(cassettes.read(CASSETTES / f"{name}.jsonl"))
