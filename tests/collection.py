"""A small test collection, written as BEIR lays it out."""

from __future__ import annotations

import gzip
import json

DOCUMENTS = {
    "d1": ("Croup in children.", "A single dose of dexamethasone relieves croup."),
    "d2": ("Nebulised adrenaline.", "Adrenaline relieves severe croup for two hours."),
    "d3": ("Asthma attacks.", "Salbutamol opens the airways in asthma."),
    "d4": ("Inhaled steroids.", "Budesonide prevents asthma attacks in adults."),
    "d5": ("Back pain.", "Most back pain settles within six weeks without imaging."),
    "d6": ("Imaging of the spine.", "Magnetic resonance imaging finds compression of the cord."),
    "d7": ("Otitis media.", "Amoxicillin is seldom needed in otitis media."),
    "d8": ("Migraine.", "Triptans stop migraine within two hours."),
    "d9": ("Gout.", "Colchicine relieves gout; allopurinol prevents it."),
    "d10": ("Scurvy.", "Ascorbic acid cures scurvy within weeks."),
    "d11": ("Iron deficiency.", "Ferrous sulphate restores haemoglobin."),
    "d12": ("", "Warfarin needs monitoring of the international normalised ratio."),
}
QUERIES = {
    "q1": "What relieves croup?",
    "q2": "Does budesonide prevent asthma attacks?",
    "q3": "Is imaging needed in back pain?",
    "q4": "What cures scurvy?",
}
QRELS = {"q1": {"d1": 2, "d2": 1}, "q2": {"d4": 1, "d3": 0}, "q3": {"d5": 1, "d6": 1}, "q4": {"d10": 1}}


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def corpus(documents):
    return lines({"_id": name, "title": title, "text": text} for name, (title, text) in documents.items())


def queries(asked):
    return lines({"_id": name, "text": text} for name, text in asked.items())


def table(qrels):
    rows = (f"{q}\t{d}\t{gain}\n" for q, found in qrels.items() for d, gain in found.items())
    return "query-id\tcorpus-id\tscore\n" + "".join(rows)


def write(folder, documents=DOCUMENTS, asked=QUERIES, judged=QRELS, *, packed=True):
    """The folder, with its corpus gzipped or plain."""
    folder.mkdir(exist_ok=True)
    text = corpus(documents)
    if packed:
        (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    else:
        (folder / "corpus.jsonl").write_text(text)
    (folder / "queries.jsonl").write_text(queries(asked))
    (folder / "qrels.tsv").write_text(table(judged))
    return folder
