"""A language model is opened only where one is set, in the way that a probe found; the base install stays light."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from tests.fault_server import KEY, NAME, service_of

from consilium import wiring
from consilium.adapters.models import modes, opening
from consilium.adapters.models.service import Mode, ModelService, Speaks
from consilium.cli import language_model
from consilium.errors import ConfigurationError
from consilium.settings import from_environment

SERVICE = ModelService(Speaks.COMPATIBLE, "https://m.example/v1", "large", "small")
GOT_RIGHT = json.dumps({"chosen_word": "fever", "letters_in_it": 5})
on_sockets = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def _run(code, data_dir="nowhere"):
    env = {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PATH": "/usr/bin:/bin",
        "CONSILIUM_DATA_DIR": str(data_dir),
    }
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    return done.stdout.strip()


def _settings(tmp_path, **env):
    return from_environment({"CONSILIUM_DATA_DIR": str(tmp_path), **env})


def _of(server, tmp_path, **env):
    said = {"CONSILIUM_MODEL": NAME, "CONSILIUM_MODEL_URL": server.url, "CONSILIUM_MODEL_KEY": KEY}
    return _settings(tmp_path, **said, **env)


def test_where_none_is_set_none_is_opened(tmp_path):
    assert wiring.model(_settings(tmp_path)) is None


def test_what_a_probe_found_is_kept_by_model_and_service(tmp_path):
    modes.keep(tmp_path, SERVICE, {"large": Mode.TOOL})
    modes.keep(tmp_path, SERVICE, {"small": Mode.PROMPTED})
    found = modes.stored(tmp_path, SERVICE)
    assert {name: each.mode for name, each in found.items()} == {"large": Mode.TOOL, "small": Mode.PROMPTED}
    assert modes.stored(tmp_path, ModelService(Speaks.COMPATIBLE, "https://n.example/v1", "large")) == {}


@pytest.mark.parametrize("held", ["", "[]", "{", '{"https://m.example/v1 large": 1}'])
def test_what_cannot_be_read_of_an_earlier_probe_says_nothing(tmp_path, held):
    (tmp_path / modes.FILE).write_text(held, "utf-8")
    assert modes.stored(tmp_path, SERVICE) == {}
    modes.keep(tmp_path, SERVICE, {"large": Mode.TOOL})
    assert modes.stored(tmp_path, SERVICE)["large"].mode is Mode.TOOL


def test_a_model_is_opened_in_the_way_that_was_found(tmp_path):
    modes.keep(tmp_path, SERVICE, {"large": Mode.TOOL})
    assert opening.opened(SERVICE, tmp_path).modes == {"large": Mode.TOOL}


def test_a_key_that_others_can_read_is_reported_when_the_model_is_opened(tmp_path):
    (tmp_path / "consilium.toml").write_text(f'[model]\nname = "openai:m"\nkey = "{KEY}"\n', "utf-8")
    (tmp_path / "consilium.toml").chmod(0o644)
    reported = []
    assert wiring.model(_settings(tmp_path), report=reported.append) is not None
    assert len(reported) == 1
    assert KEY not in reported[0]


@pytest.mark.parametrize("missing", ["pydantic_ai", "openai"])
def test_without_the_extra_it_is_said_what_to_install(missing):
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from pathlib import Path\n"
        "from consilium.adapters.models import opening, service\n"
        "from consilium.errors import ConfigurationError\n"
        "here = service.ModelService(service.Speaks.OPENAI, 'https://m.example', 'm', None, 'k')\n"
        "try: opening.opened(here, Path('nowhere'))\n"
        "except ConfigurationError as fault: print(fault)\n"
    )
    assert "pip install 'consilium[llm]'" in _run(code)


def test_neither_the_package_nor_its_commands_load_a_model_library_where_none_is_set(tmp_path):
    code = (
        "import sys, consilium, consilium.cli.app, consilium.wiring as wiring\n"
        "from consilium.settings import from_environment\n"
        "assert wiring.model(from_environment()) is None\n"
        "print(sorted({'pydantic_ai', 'openai', 'anthropic', 'httpx2', 'pydantic'} & set(sys.modules)))"
    )
    assert _run(code, tmp_path) == "[]"


def test_of_the_two_libraries_of_providers_only_the_one_in_use_is_loaded():
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from consilium.adapters.models import opening, service\n"
        "there = service.ModelService(service.Speaks.ANTHROPIC, 'https://m.example', 'm', None, 'k')\n"
        "opening.opened(there, Path('nowhere'))\n"
        "print(sorted({'openai', 'anthropic'} & set(sys.modules)))"
    )
    assert _run(code) == "['anthropic']"


def test_doctor_says_that_no_model_is_set(tmp_path):
    assert list(language_model.told(_settings(tmp_path))) == [
        "none configured; articles are composed from records word for word"
    ]


class TestProbing:
    pytestmark = on_sockets

    def test_a_probe_finds_the_way_says_it_and_keeps_it(self, tmp_path):
        def script(talk):
            return talk.say(GOT_RIGHT) if talk.mode == "tool" else talk.answer(400, "invalid_request_error")

        with service_of("openai", script) as server:
            settings = _of(server, tmp_path)
            assert "sim-1 is not probed: consilium doctor --probe" in "\n".join(language_model.told(settings))
            ((found, line),) = language_model.probed(settings, settings.model)
        assert found.trouble is None
        assert line.startswith("sim-1: works on this machine, by the call of a tool, in ")
        assert line.endswith("; 90 tokens in, 21 out; its price is not known")
        assert "sim-1 keeps to a shape by the call of a tool" in "\n".join(language_model.told(settings))

    def test_a_probe_costs_one_request_where_the_first_way_holds(self, tmp_path):
        with service_of("openai", lambda talk: talk.say(GOT_RIGHT)) as server:
            settings = _of(server, tmp_path, CONSILIUM_MODEL_SMALL="sim-0")
            assert len(list(language_model.probed(settings, settings.model))) == 2
            assert [body["model"] for body in server.asked] == ["sim-1", "sim-0"]

    def test_a_probe_that_fails_says_why_and_keeps_nothing(self, tmp_path):
        with service_of("openai", lambda talk: talk.answer(401, "invalid_api_key")) as server:
            settings = _of(server, tmp_path)
            ((found, line),) = language_model.probed(settings, settings.model)
        assert found.trouble is not None
        assert line == (
            "sim-1: NOT USABLE: sim-1 refused access: CONSILIUM_MODEL_KEY is missing, wrong or not enough "
            "(401, invalid_api_key)."
        )
        assert modes.stored(tmp_path, settings.model) == {}

    def test_doctor_probes_only_when_told_to_and_shows_no_key(self, run_cli, tmp_path):
        with service_of("openai", lambda talk: talk.say(GOT_RIGHT)) as server:
            env = {"CONSILIUM_MODEL": NAME, "CONSILIUM_MODEL_URL": server.url, "CONSILIUM_MODEL_KEY": KEY}
            plain = run_cli("doctor", **env)
            assert server.asked == []
            probed = run_cli("doctor", "--probe", **env)
            assert len(server.asked) == 1
        assert (plain.returncode, probed.returncode) == (0, 0), probed.stderr
        assert "language model: sim-1: works on this machine, by JSON schema" in probed.stdout
        assert KEY not in plain.stdout + plain.stderr + probed.stdout + probed.stderr

    def test_a_model_that_does_not_work_is_the_exit_code_of_a_probe(self, run_cli):
        with service_of("openai", lambda talk: talk.answer(401)) as server:
            probed = run_cli("doctor", "--probe", CONSILIUM_MODEL=NAME, CONSILIUM_MODEL_URL=server.url)
        assert probed.returncode == 5
        assert "NOT USABLE" in probed.stdout

    def test_to_probe_where_none_is_set_is_a_mistake_of_configuration(self, run_cli):
        probed = run_cli("doctor", "--probe")
        assert probed.returncode == ConfigurationError.exit_code
        assert "set CONSILIUM_MODEL" in probed.stderr
