"""Kill an ingest at random points, resume it, and compare the library with one that was never disturbed.

    python benchmarks/killed_ingest.py FOLDER [--kills 20] [--works 20000] [--seed 1]

Prints a line for each kill and exits with 1 if any library differs. FOLDER is for you to remove.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from ingest import write

from consilium import wiring
from consilium.adapters.index.passages import Asked
from consilium.adapters.library import works_index
from consilium.adapters.library.folder import Folder
from consilium.adapters.library.store import Store
from consilium.domain.evidence import SourceKind

_WORDS = ("fracture", "risk", "children", "treatment")


def start(library: Path, files: Path) -> subprocess.Popen[str]:
    """Begin to add the files, by the command."""
    code = "from consilium.cli import main; main()"
    command = [sys.executable, "-c", code, "library", "add", str(files), "--json", "--library", str(library)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def begun(library: Path, process: subprocess.Popen[str]) -> None:
    """Wait until it takes works in."""
    while not list((library / "works").glob("building-*")) and process.poll() is None:
        time.sleep(0.005)


def state(library: Path) -> tuple[int, str, int, str]:
    """What a library holds and finds: works, a digest of every version, passages, a digest of four answers."""
    place = Folder(library)
    store = Store(place.database)
    digest, works = hashlib.sha256(), 0
    for works, (version, work) in enumerate(store.works.all(), 1):  # noqa: B007 - the last one is the count
        digest.update(f"{version} {json.dumps(work, sort_keys=True)}".encode())
    changes = len(store.changes(0, 100))
    digest.update(str(changes).encode())
    store.close()
    index = works_index.opened(place.passages())
    assert index is not None  # noqa: S101 - works were added
    kinds = tuple(SourceKind)
    answers = [index.search((Asked(((word, 1.0),)),), (), kinds, 50) for word in _WORDS]
    return works, digest.hexdigest()[:16], index.size, hashlib.sha256(repr(answers).encode()).hexdigest()[:16]


def main() -> int:
    """Kill, resume, compare."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("--kills", type=int, default=20)
    wanted.add_argument("--works", type=int, default=20_000)
    wanted.add_argument("--seed", type=int, default=1)
    given = wanted.parse_args()
    files, built, whole = given.folder / "files", given.folder / "built", given.folder / "whole"
    for part in range(4):  # files of unequal length, so that kills fall into each and between them
        first = given.works * part // 4
        write(files / f"part-{part}", given.works // 4, "works", first)
    wiring.world(library=built)
    shutil.copytree(built, whole)
    process = start(whole, files)
    begun(whole, process)
    clock = time.monotonic()
    process.communicate()
    seconds, right = time.monotonic() - clock, state(whole)
    print(json.dumps({"undisturbed": right, "seconds": round(seconds, 1)}), flush=True)
    luck, wrong = random.Random(given.seed), 0  # noqa: S311 - no secret
    for number in range(given.kills):
        library, after = given.folder / "killed", luck.uniform(0.0, 1.0) * seconds
        shutil.rmtree(library, ignore_errors=True)
        shutil.copytree(built, library)
        process = start(library, files)
        begun(library, process)
        time.sleep(after)
        over = process.poll() is not None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        store = Store(library / "library.sqlite3")
        kept = sum(store.works.counted("collection").values())
        store.close()
        said = start(library, files).communicate()[1]
        same = state(library) == right
        wrong += not same
        told = {
            "kill": number + 1,
            "after s": round(after, 2),
            "works then": kept,
            "over": over,
            "same": same,
        }
        print(json.dumps(told | ({} if same else {"state": state(library), "said": said})), flush=True)
    print(json.dumps({"kills": given.kills, "libraries that differ": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
