"""An embedder that is easy to foresee, a service that speaks as it is told to, and a model that is tiny."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from consilium.adapters.embedding.encoder import LAYERS, WIDTH
from consilium.domain.evidence import Checked, Origin, Sentence, Source, SourceKind, StatementKind
from consilium.ports import Fingerprint, Pieces

DIMENSION = 64
AXES = np.eye(4, DIMENSION, dtype=np.float32)


def bag(text):
    """A vector of the words of a text: two texts are near where they share words."""
    row = np.full(DIMENSION, 1e-3, np.float32)
    for word in text.lower().replace(".", " ").replace("?", " ").split():
        row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % DIMENSION] += 1
    return row / np.linalg.norm(row)


class FakeEmbedder:
    """An embedder without a model; ``encoded`` are the texts that it was given."""

    sent_to = None

    def __init__(self, model="words", dimension=DIMENSION):
        self.fingerprint = Fingerprint(model, "1", "bag", "", "", dimension, 0)
        self.encoded = []

    def encode_queries(self, texts):
        return np.array([bag(text) for text in texts], np.float32).reshape(-1, DIMENSION)

    def encode_documents(self, texts):
        self.encoded += texts
        return self.encode_queries(texts)


class PieceFake(FakeEmbedder):
    """An embedder whose word pieces are axes: a word's is told by its length."""

    def __init__(self):
        super().__init__()
        self.fingerprint = Fingerprint("words", "1", "bag", "", "", DIMENSION, 0, "axes")

    def encode_question(self, text):
        rows = _axes(text)
        return Pieces(rows, np.full(len(rows), 1 / max(len(rows), 1), np.float32))

    def encode_pieces(self, texts):
        return self.encode_documents(texts), [_axes(text) for text in texts]


def _axes(text):
    return AXES[[len(word) % len(AXES) for word in text.split()]]


def vectors_of(body):
    """What an honest service answers."""
    rows = [{"index": n, "embedding": bag(text).tolist()} for n, text in enumerate(body["input"])]
    return {"data": rows[::-1], "model": body["model"]}


@contextmanager
def serving(answer):
    """A service at 127.0.0.1: ``answer`` gives (status, headers, body) for each request that it is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers, content = answer(body, self.headers)
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/embeddings"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def everything(count=10, first=0, text="Sentence number {} about croup."):
    """A library of one-sentence sources, as a store gives it."""
    for number in range(first, first + count):
        name = f"s{number:05}"
        kind = SourceKind.STUDY if number % 2 else SourceKind.GUIDELINE
        source = Source(name, 1, kind, f"Title {number}", "cohort study")
        sentence = Sentence(
            f"{name}#1",
            name,
            text.format(number),
            StatementKind.FINDING,
            Origin.SUMMARY,
            Checked.PRIMARY,
            name,
        )
        yield source, (sentence,)


def tensors(words=60, seed=7):
    """Weights of the published shapes with numbers by chance, and a small vocabulary."""
    chance = np.random.default_rng(seed)

    def some(*shape):
        return (chance.standard_normal(shape) * 0.05).astype(np.float32)

    made = {
        "embeddings.word_embeddings.weight": some(words, WIDTH),
        "embeddings.position_embeddings.weight": some(512, WIDTH),
        "embeddings.token_type_embeddings.weight": some(2, WIDTH),
        "embeddings.LayerNorm.weight": 1 + some(WIDTH),
        "embeddings.LayerNorm.bias": some(WIDTH),
    }
    for number in range(LAYERS):
        name = f"encoder.layer.{number}"
        for part, rows, columns in (
            ("attention.self.query", WIDTH, WIDTH),
            ("attention.self.key", WIDTH, WIDTH),
            ("attention.self.value", WIDTH, WIDTH),
            ("attention.output.dense", WIDTH, WIDTH),
            ("intermediate.dense", 4 * WIDTH, WIDTH),
            ("output.dense", WIDTH, 4 * WIDTH),
        ):
            made[f"{name}.{part}.weight"] = some(rows, columns)
            made[f"{name}.{part}.bias"] = some(rows)
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            made[f"{name}.{part}.weight"] = 1 + some(WIDTH)
            made[f"{name}.{part}.bias"] = some(WIDTH)
    return made


def safetensors(named):
    """The bytes of a safetensors file."""
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in named.items():
        raw = tensor.tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(body), len(body) + len(raw)],
        }  # fmt: skip
        body += raw
    head = json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + body
