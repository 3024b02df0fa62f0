"""Compile the reviewable YAML under ``data/`` to the JSON that ships in the package.

Run by the build hook and by ``make``; needs PyYAML only. Output is deterministic.

    python tools/compile_data.py [--check]
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "consilium"
OUTPUTS = {
    "lexicon": PACKAGE / "lexicon" / "lexicon.json",
    "tables": PACKAGE / "pipeline" / "tables.json",
    "starter": PACKAGE / "adapters" / "starter" / "records.jsonl",
}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DataFault(Exception):
    """The data under ``data/`` contradicts itself."""


def read_yaml(path: Path) -> Any:
    """One YAML file; a fault names the file."""
    try:
        return yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - a safe loader, in C where there is one
    except yaml.YAMLError as fault:
        raise DataFault(f"{path.relative_to(ROOT)}: {fault}") from fault


def _lexicon_module(name: str) -> ModuleType:
    """A module of the package's own lexicon, loaded by path so that nothing need be installed."""
    path = PACKAGE / "lexicon" / f"{name}.py"
    full = f"consilium.lexicon.{name}"
    spec = importlib.util.spec_from_file_location(full, path)
    if spec is None or spec.loader is None:
        raise DataFault(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def compile_lexicon() -> str:
    """All concepts with their look-up tables; two meanings of one phrase are a fault."""
    fold = _lexicon_module("normalise")
    concepts, faults = _concepts()
    common, ordinary = (
        {fold.fold(word) for word in (ROOT / f"data/lexicon/{name}-words.txt").read_text("utf-8").split()}
        for name in ("common", "ordinary")
    )
    phrases: dict[tuple[str, ...], str] = {}
    short: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for concept in concepts:
        names = [concept["name"], *concept.get("names", ()), *concept.get("lay", ())]
        for phrase in [*names, *concept.get("brands", ())]:
            faults += _claim(phrases, fold.key(phrase), concept["id"])
        for item in concept.get("abbr", ()):
            key = fold.key(item["text"])
            context = sorted({w for c in item.get("context", ()) for w in fold.key(c)})
            if len(key) == 1 and (context or key[0] in common):
                short[key[0]].append((concept["id"], context))
            else:
                faults += _claim(phrases, key, concept["id"])
    if faults:
        raise DataFault("\n".join(faults))
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for words, concept_id in phrases.items():
        by_first[words[0]].append((words, concept_id))
    body = {
        "concepts": concepts,
        "common": sorted(common),
        "ordinary": sorted(ordinary - common),
        "phrases": {
            first: sorted(entries, key=lambda entry: (-len(entry[0]), entry))
            for first, entries in sorted(by_first.items())
        },
        "short": {text: sorted(senses) for text, senses in sorted(short.items())},
        "scattered": _scattered(concepts, fold, common - {words[0] for words in phrases if len(words) == 1}),
    }
    digest = hashlib.sha256(_dump(body).encode())
    for module in ("normalise", "scattered"):
        digest.update((PACKAGE / "lexicon" / f"{module}.py").read_bytes())
    return _dump({**body, "fingerprint": digest.hexdigest()[:16]})


# Kinds that people describe in their own words; a drug is named or it is not.
_DESCRIBED = {"condition", "symptom", "sign"}


def _scattered(concepts: list[dict[str, Any]], fold: ModuleType, plain: set[str]) -> dict[str, str]:
    """Names by their sorted stems; what would mean two things, or anything, is left out."""
    scattered = _lexicon_module("scattered")
    meant: dict[str, set[str]] = defaultdict(set)
    for concept in concepts:
        if concept["kind"] in _DESCRIBED:
            for name in (concept["name"], *concept.get("names", ()), *concept.get("lay", ())):
                words = fold.key(name)
                key = scattered.bag(words)
                if key and not plain.issuperset(words):
                    meant[key].add(concept["id"])
    return {key: min(ids) for key, ids in sorted(meant.items()) if len(ids) == 1}


def _concepts() -> tuple[list[dict[str, Any]], list[str]]:
    seen: dict[str, str] = {}
    faults: list[str] = []
    concepts: list[dict[str, Any]] = []
    for path in sorted((ROOT / "data/lexicon").glob("*.yaml")):
        for item in read_yaml(path) or ():
            if item["id"] in seen:
                faults.append(f"{path.name}: {item['id']} is also in {seen[item['id']]}")
                continue
            seen[item["id"]] = path.name
            concepts.append({name: value for name, value in item.items() if value})
    for concept in concepts:
        for relation in ("is_a", "compatible"):
            for other in concept.get(relation, ()):
                if other not in seen:
                    faults.append(f"{concept['id']}: {relation} names {other}, which is nowhere")
    return sorted(concepts, key=lambda concept: str(concept["id"])), faults


def _claim(phrases: dict[tuple[str, ...], str], words: tuple[str, ...], concept: str) -> list[str]:
    if not words:
        return [f"{concept}: a name without a word"]
    owner = phrases.setdefault(words, concept)
    return [] if owner == concept else [f"'{' '.join(words)}' means both {owner} and {concept}"]


def compile_tables() -> str:
    """The rule tables of the pipeline, one key a file."""
    tables = {p.stem: read_yaml(p) for p in sorted((ROOT / "data/rules").glob("*.yaml"))}
    return _dump(tables)


def compile_starter() -> str:
    """The starter records, one a line, ordered by id; file names must be the ids."""
    lines: list[str] = []
    for path in sorted((ROOT / "data/starter").glob("*.yaml")):
        record = read_yaml(path)
        if record.get("id") != path.stem:
            raise DataFault(f"{path.name} holds the record {record.get('id')}")
        lines.append(_dump(record))
    return "\n".join(lines)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def main(check: bool = False) -> int:
    """Write what is out of date; with ``check``, only say whether something is."""
    made = {
        "lexicon": compile_lexicon(),
        "tables": compile_tables(),
        "starter": compile_starter(),
    }
    stale = [
        name
        for name, text in made.items()
        if not OUTPUTS[name].exists() or OUTPUTS[name].read_text("utf-8") != text + "\n"
    ]
    for name in () if check else stale:
        OUTPUTS[name].write_text(made[name] + "\n", "utf-8")
    if stale:
        sys.stdout.write(f"{'out of date' if check else 'compiled'}: {', '.join(stale)}\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    try:
        raise SystemExit(main("--check" in sys.argv[1:]))
    except DataFault as fault:
        raise SystemExit(f"data/ is inconsistent:\n{fault}") from None
