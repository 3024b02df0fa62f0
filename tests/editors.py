"""Language models made of functions: an honest editor, and editors that go wrong in one way each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from consilium.pipeline.answer import World
from consilium.pipeline.budget import Allowance
from consilium.pipeline.writing.desk import Writer
from consilium.ports import ModelReply, ModelRequest

Stage = Callable[[dict[str, Any], ModelRequest], Any]


def unmarked(material: str) -> dict[str, Any]:
    """The material of a request without its marks."""
    mark = json.loads(material)["datamark"]
    return json.loads(material.replace(mark, ""))


class Editor:
    """A model that answers each stage by a function; every request is kept."""

    sent_to = None

    def __init__(self, **stages: Stage) -> None:
        self.stages: Mapping[str, Stage] = {**HONEST, **stages}
        self.requests: list[ModelRequest] = []

    def reply(self, request, *, seconds, cancelled=lambda: False):
        self.requests.append(request)
        value = self.stages[request.stage](unmarked(request.material), request)
        return ModelReply(value, "function", None, None, 0.0)


def select_all(material, _request):
    return {
        "passages": [
            {
                "id": p["id"],
                "anchor": " ".join(p["text"].split()[:6]),
                "relation": "answers",
                "stance": "none",
            }
            for p in material["passages"]
        ]
    }


def near(text):
    """The sentence in words that are not quite its own."""
    return text.rstrip(".") + ", as its source says."


def write_each(material, _request):
    """Two sentences open the answer; each makes a claim in its section."""
    claims = []
    for number, s in enumerate(material["sentences"]):
        kind = s["kind"]
        row = {"text": near(s["text"]), "ids": [s["id"]], "kind": kind}
        advice = "guideline" in s["source"] or "standard" in s["source"]
        if number < 2:
            claims.append({**row, "section": "in_short"})
        else:
            claims.append({**row, "section": "guidelines" if advice else "research"})
    return {"claims": claims[:16]}


def always(verdict):
    def judge(material, _request):
        if "pairs" in material:
            return {"pairs": [{"id": p["id"], "verdict": verdict, "why": "so"} for p in material["pairs"]]}
        return {"verdict": verdict, "why": "so"}

    return judge


HONEST: dict[str, Stage] = {
    "plan": lambda material, _: {"synonyms": [], "standalone": None},
    "select": select_all,
    "write": write_each,
    "verify": always("entailed"),
    "compare": always("entailed"),
    "repair": lambda material, _: {"claims": []},
    "tailor": lambda material, _: {
        "claims": [{"id": c["id"], "text": c["text"]} for c in material["claims"]]
    },
}


def written_by(world: World, editor: Editor, **allowance: Any) -> World:
    """The world with an editor in it; marks are the same each time."""
    large = {"tokens": 500_000, **allowance}
    return replace(
        world, writer=Writer(editor, "function", allowance=Allowance(**large), mark=lambda: "~7f3a~")
    )
