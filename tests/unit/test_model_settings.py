"""What an operator says of a language model: understood, or told what is wrong with it; never the key."""

from __future__ import annotations

import pytest

from consilium.adapters.models import configured
from consilium.adapters.models.service import Speaks
from consilium.errors import ConfigurationError
from consilium.pipeline.budget import Allowance
from consilium.settings import from_environment

KEY = "sk-canary-1"


@pytest.fixture
def said(tmp_path):
    def read(file=None, **env):
        if file is not None:
            (tmp_path / configured.FILE).write_text(file, "utf-8")
        return from_environment({"CONSILIUM_DATA_DIR": str(tmp_path), **env})

    return read


def test_without_settings_there_is_no_language_model(said):
    assert said().model is None


@pytest.mark.parametrize(
    "model,url,speaks,name,base",
    [
        ("openai:gpt-9", None, Speaks.OPENAI, "gpt-9", "https://api.openai.com/v1"),
        ("anthropic:claude-9", None, Speaks.ANTHROPIC, "claude-9", "https://api.anthropic.com"),
        ("qwen3:8b", "http://localhost:11434/v1", Speaks.COMPATIBLE, "qwen3:8b", "http://localhost:11434/v1"),
        ("openai:gpt-9", "https://proxy.example/v1/", Speaks.COMPATIBLE, "gpt-9", "https://proxy.example/v1"),
        (
            "anthropic:claude-9",
            "https://proxy.example/v1",
            Speaks.ANTHROPIC,
            "claude-9",
            "https://proxy.example",
        ),
    ],
)
def test_a_model_is_named_by_its_maker_or_by_its_address(said, model, url, speaks, name, base):
    env = {"CONSILIUM_MODEL": model, "CONSILIUM_MODEL_KEY": KEY} | (
        {"CONSILIUM_MODEL_URL": url} if url else {}
    )
    service = said(**env).model
    assert (service.speaks, service.model, service.url, service.key) == (speaks, name, base, KEY)


def test_a_model_of_ones_own_machine_needs_no_key_and_sends_nothing_elsewhere(said):
    service = said(CONSILIUM_MODEL="llama", CONSILIUM_MODEL_URL="http://127.0.0.1:8000/v1").model
    assert (service.key, service.host) == (None, None)


def test_a_model_of_ones_own_machine_is_given_more_time_to_begin(said):
    here = said(CONSILIUM_MODEL="m", CONSILIUM_MODEL_URL="http://127.0.0.1:8000/v1").model
    there = said(CONSILIUM_MODEL="m", CONSILIUM_MODEL_URL="https://m.example/v1").model
    assert (here.read_seconds, here.request_seconds) == (600, 600)
    assert (there.read_seconds, there.request_seconds) == (60, 180)


@pytest.mark.parametrize("small,found", [("mini", "mini"), ("openai:mini", "mini"), ("qwen3:4b", "qwen3:4b")])
def test_the_small_model_is_of_the_same_service(said, small, found):
    env = {"CONSILIUM_MODEL": "openai:gpt-9", "CONSILIUM_MODEL_KEY": KEY}
    assert said(**env, CONSILIUM_MODEL_SMALL=small).model.small == found


@pytest.mark.parametrize(
    "env,told",
    [
        ({"CONSILIUM_MODEL": "llama"}, "say in CONSILIUM_MODEL_URL where"),
        ({"CONSILIUM_MODEL": "openai:"}, "write openai:NAME"),
        ({"CONSILIUM_MODEL": "openai:gpt-9"}, "set CONSILIUM_MODEL_KEY"),
        ({"CONSILIUM_MODEL_URL": "https://m.example/v1"}, "needs CONSILIUM_MODEL"),
        ({"CONSILIUM_MODEL": "m", "CONSILIUM_MODEL_URL": "http://m.example/v1"}, "https://"),
        ({"CONSILIUM_MODEL": "m", "CONSILIUM_MODEL_URL": "ftp://localhost/v1"}, "https://"),
        (
            {"CONSILIUM_MODEL": "m", "CONSILIUM_MODEL_URL": f"https://u:{KEY}@m.example/v1"},
            "must hold no key",
        ),
        (
            {"CONSILIUM_MODEL": "m", "CONSILIUM_MODEL_URL": f"https://m.example/v1?key={KEY}"},
            "must hold no key",
        ),
        (
            {"CONSILIUM_MODEL": "m", "CONSILIUM_MODEL_URL": "http://localhost/v1/chat/completions"},
            "base address",
        ),
        ({"CONSILIUM_MODEL": "openai:m", "CONSILIUM_MODEL_KEY": f"{KEY}\n"}, "no key holds"),
        (
            {
                "CONSILIUM_MODEL": "openai:m",
                "CONSILIUM_MODEL_KEY": KEY,
                "CONSILIUM_MODEL_SMALL": "anthropic:x",
            },
            "same",
        ),
        ({"CONSILIUM_MODEL_TOKENS": "many"}, "CONSILIUM_MODEL_TOKENS"),
        ({"CONSILIUM_MODEL_TOKENS": "0"}, "CONSILIUM_MODEL_TOKENS"),
        ({"CONSILIUM_MODEL_COST": "-1"}, "CONSILIUM_MODEL_COST"),
        ({"CONSILIUM_MODEL_SECONDS": "nan"}, "CONSILIUM_MODEL_SECONDS"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_without_the_key(said, env, told):
    with pytest.raises(ConfigurationError, match=told) as caught:
        said(**env)
    assert KEY not in str(caught.value)


def test_the_allowance_is_read(said):
    env = {"CONSILIUM_MODEL_TOKENS": "9000", "CONSILIUM_MODEL_COST": "0.25", "CONSILIUM_MODEL_SECONDS": "45"}
    assert said(**env).allowance == Allowance(9000, 0.25, 45.0)
    assert said().allowance == Allowance()


def test_the_file_says_it_and_the_environment_wins(said):
    file = f'[model]\nname = "openai:gpt-9"\nkey = "{KEY}"\nsmall = "mini"\ntokens = 9000\ncost = 0.5\n'
    found = said(file, CONSILIUM_MODEL_SMALL="nano", CONSILIUM_MODEL_COST="0.1")
    assert (found.model.model, found.model.key, found.model.small) == ("gpt-9", KEY, "nano")
    assert found.allowance == Allowance(9000, 0.1)


@pytest.mark.parametrize(
    "file",
    [
        "[model",
        '[model]\nmodel = "x"\n',
        "[other]\n",
        '[model]\nname = ["x"]\n',
        'model = "x"\n',
        '[model]\nkeys = "sk-canary-1"\n',
    ],
)
def test_a_file_that_is_none_is_named_without_what_it_holds(said, tmp_path, file):
    with pytest.raises(ConfigurationError, match=configured.FILE) as caught:
        said(file)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "mode,file,told",
    [(0o644, f'[model]\nkey = "{KEY}"\n', True), (0o600, f'[model]\nkey = "{KEY}"\n', False),
     (0o644, '[model]\nname = "m"\n', False), (None, None, False)],
)  # fmt: skip
def test_a_key_that_others_can_read_is_warned_of(tmp_path, mode, file, told):
    if file:
        (tmp_path / configured.FILE).write_text(file, "utf-8")
        (tmp_path / configured.FILE).chmod(mode)
    caution = configured.caution(tmp_path)
    assert bool(caution) is told
    assert not told or "chmod 600" in caution


def test_a_key_is_not_shown_with_its_settings(said):
    found = said(CONSILIUM_MODEL="openai:gpt-9", CONSILIUM_MODEL_KEY=KEY)
    assert KEY not in repr(found)
    assert KEY not in repr(found.model)


def test_a_model_that_thinks_first_may_be_given_room(said):
    env = {"CONSILIUM_MODEL": "openai:gpt-9", "CONSILIUM_MODEL_KEY": KEY}
    assert said(**env, CONSILIUM_MODEL_THINKING="2000").model.thinking == 2000
    with pytest.raises(ConfigurationError, match="CONSILIUM_MODEL_THINKING"):
        said(**env, CONSILIUM_MODEL_THINKING="yes")
