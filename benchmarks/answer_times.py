"""How long answers take and how much memory, and what takes it.

    python benchmarks/answer_times.py

Prints, for one library built in a temporary folder: the first run with its build, a fresh
process over a built library (seconds and peak memory), the median and 95th percentile in one
process by stage, and a batch of 100. The baseline is a process that only imports Python's own
`json`, so that machines can be compared by ratio.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from consilium import wiring
from consilium.api import encoded, outcome_of
from consilium.domain.question import Question
from consilium.evaluation.coverage import topics
from consilium.pipeline.appraise import appraise
from consilium.pipeline.plan import plan
from consilium.pipeline.retrieve import retrieve

RUN = "from consilium.cli import main; main()"
PEAK = "import resource,atexit,sys; atexit.register(lambda: sys.stderr.write('PEAK %d' % resource.getrusage(resource.RUSAGE_SELF).ru_maxrss));"


def fresh(code: str, *args: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a process of its own."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", PEAK + code, *args], capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - start
    return took, int(done.stderr.rsplit("PEAK ", 1)[-1]) / 1024


def stages(world) -> None:
    """Median milliseconds of each stage over the known questions."""
    spent: dict[str, list[float]] = {"plan": [], "retrieve": [], "appraise": [], "all": []}
    for topic in topics():
        question = Question(topic.text)
        marks = [time.perf_counter()]
        made = plan(question, world.lexicon, world.index, world.speller)
        marks.append(time.perf_counter())
        found = retrieve(made, world.lexicon, world.index, world.library)
        marks.append(time.perf_counter())
        appraise(made, found, world.lexicon)
        marks.append(time.perf_counter())
        encoded(outcome_of(question, world), world)
        marks.append(time.perf_counter())
        for name, start, end in zip(("plan", "retrieve", "appraise", "all"), marks, marks[1:], strict=False):
            spent[name].append(1000 * (end - start))
    for name, values in spent.items():
        values.sort()
        print(
            f"in process, {name:<9} p50 {statistics.median(values):6.1f} ms, p95 {values[int(0.95 * len(values))]:6.1f} ms"
        )


def main() -> None:
    """Run everything."""
    base, base_peak = fresh("import json")
    print(f"baseline: python and json: {base:.3f} s, {base_peak:.0f} MB")
    with tempfile.TemporaryDirectory() as folder:
        args = ("ask", "umn signs back pain", "--library", folder)
        first, peak = fresh(RUN, *args)
        print(f"first run with its build: {first:.2f} s ({first / base:.0f} x baseline), {peak:.0f} MB")
        runs = [fresh(RUN, *args) for _ in range(5)]
        took, peak = statistics.median(t for t, _ in runs), max(p for _, p in runs)
        print(f"fresh process, library built: {took:.2f} s ({took / base:.0f} x baseline), {peak:.0f} MB")
        file = Path(folder) / "batch.txt"
        file.write_text("\n".join(t.text for t in list(topics())[:100]), "utf-8")
        took, peak = fresh(RUN, "ask", "--batch", str(file), "--format", "json", "--library", folder)
        print(f"batch of 100: {took:.2f} s ({took / base:.0f} x baseline), {peak:.0f} MB")
        stages(wiring.world(library=Path(folder)))
    print(json.dumps({"peak_mb_here": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


if __name__ == "__main__":
    main()
