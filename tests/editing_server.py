"""An honest editor behind a real socket: the stages of an answer, served as a language model's service does."""

from __future__ import annotations

import json

from tests.editors import HONEST, unmarked


def stage_of(talk):
    """Which stage asks, told by the material that it sends, and the material."""
    content = talk.body["messages"][-1]["content"]
    material = unmarked(content if isinstance(content, str) else content[-1]["text"])
    for key, stage in (
        ("passages", "select"), ("claim", "verify"), ("pairs", "compare"), ("sentences", "write"),
        ("audience", "tailor"), ("claims", "repair"), ("question", "plan"),
    ):  # fmt: skip
        if key in material:
            return stage, material
    raise AssertionError(material)


def edit(talk):
    """Reply as an honest editor does."""
    stage, material = stage_of(talk)
    talk.say(json.dumps(HONEST[stage](material, None)), piece=40)


def failing_at(stage, fault):
    """An honest editor but for one stage, at which the service does something else."""

    def script(talk):
        fault(talk) if stage_of(talk)[0] == stage else edit(talk)

    return script
