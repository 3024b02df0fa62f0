"""PDFs become blocks; the file is opened in a process of its own with caps on memory, time and pages."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from consilium.adapters.sources.documents.blocks import Document
from consilium.adapters.sources.documents.extras import needs
from consilium.adapters.sources.documents.lines import blocks_of_pages
from consilium.errors import MalformedSource

MEMORY = 1 << 30  # bytes; a guideline of 900 pages takes a fifth of it
CPU_SECONDS = 120
WALL_SECONDS = 180
_CHILD = "consilium.adapters.sources.documents.pdf_child"


def read_pdf(path: Path) -> Document:
    """The document that a PDF is.

    Raises:
        MalformedSource: it is damaged, encrypted, too large, or has no text at all.
        ConfigurationError: the readers of documents are not installed.
    """
    with needs("pypdf"):
        if importlib.util.find_spec("pypdf") is None:
            raise ImportError
    told = _told(path)
    if fault := told.get("fault"):
        raise MalformedSource(f"{path.name}: {_reason(fault, told)}")
    pages = told["pages"]
    if not any(page.strip() for page in pages):
        raise MalformedSource(f"{path.name}: {_empty(told)}")
    return Document(
        tuple(blocks_of_pages(pages, numbered=True)), _facts(told["facts"]), tuple(_missing(told))
    )


def _told(path: Path) -> dict[str, Any]:
    """What the process that reads the file says of it."""
    try:
        child = subprocess.run(  # noqa: S603 - our own module, and a path as an argument
            [sys.executable, "-P", "-m", _CHILD, str(path.resolve()), str(MEMORY), str(CPU_SECONDS)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"fault": "time"}
    try:
        told: dict[str, Any] = json.loads(child.stdout)
    except ValueError:
        return {"fault": "time" if child.returncode in {-24, -9} else "memory"}
    return told


def _reason(fault: str, told: dict[str, Any]) -> str:
    return {
        "encrypted": "it is encrypted and asks for a password. Save it without a password, then add it again.",
        "cipher": "it is encrypted. Save it without encryption, or install the package cryptography.",
        "pages": f"it has {told.get('count')} pages, more than are read at once. Split it and add the parts.",
        "characters": f"it holds more text than is read at once (up to page {told.get('page')}). Split it.",
        "time": "reading it took too long; it was given up. Print it anew as a PDF, or add its web page.",
        "memory": "reading it takes more memory than is allowed. Print it anew as a PDF, or add its web page.",
    }.get(fault, f"it is damaged or no PDF ({told.get('detail')}). Print it anew as a PDF.")


def _empty(told: dict[str, Any]) -> str:
    return (
        f"no text was found on any of its {len(told['pages'])} pages: they are pictures, or what is on them is "
        "damaged or too large. Have it read by text recognition (OCR) first, then add it again."
    )


def _facts(found: dict[str, str]) -> dict[str, Any]:
    """What a PDF says of itself: its title only; who made the file and when is not who issued it and when."""
    title = found.get("title", "").strip()
    named = (
        title
        and not title.lower().endswith((".doc", ".docx", ".indd", ".pdf"))
        and "untitled" not in title.lower()
    )
    return {"title": title} if named else {}


def _missing(told: dict[str, Any]) -> list[str]:
    missing = []
    if told["pictured"]:
        missing.append(f"{_pages(told['pictured'])}: a picture without text; nothing was taken from there.")
    if told["broken"]:
        missing.append(f"{_pages(told['broken'])}: damaged; nothing was taken from there.")
    return missing


def _pages(numbers: Sequence[int]) -> str:
    """Pages as people write them: "p. 3", "pp. 3-5, 9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    return f"{'p.' if len(numbers) == 1 else 'pp.'} {told}"
