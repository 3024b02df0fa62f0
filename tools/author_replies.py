"""Make the recorded replies of the examples, and their pages, from what was authored by hand."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests import authored  # noqa: E402

from consilium import wiring  # noqa: E402


def main() -> None:
    """Write ``tests/fixtures/cassettes`` and ``docs/examples`` anew."""
    with tempfile.TemporaryDirectory() as folder:
        world = wiring.world(library=Path(folder))
        for place in (authored.CASSETTES, authored.EXAMPLES):
            place.mkdir(parents=True, exist_ok=True)
        for name in authored.NAMES:
            (authored.CASSETTES / f"{name}.jsonl").write_text(authored.recorded(name, world), "utf-8")
            answer, _, page = authored.example(name, world, authored.replayed(name))
            (authored.EXAMPLES / f"{name}.md").write_text(page, "utf-8")
            sys.stdout.write(f"{name}: {len(answer['content']['claims'])} claims\n")


if __name__ == "__main__":
    main()
