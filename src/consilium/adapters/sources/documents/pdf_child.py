"""Reads the text of a PDF in a process of its own, which may use so much memory and time and no more.

Run as ``python -m consilium.adapters.sources.documents.pdf_child FILE BYTES SECONDS``; writes one JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

PAGES = 2000
CHARACTERS = 20_000_000


def main() -> None:
    """Read the file named on the command line, within the memory and time named after it."""
    path, memory, seconds = sys.argv[1:4]
    _cap(resource.RLIMIT_AS, int(memory))
    _cap(resource.RLIMIT_CPU, int(seconds))
    try:
        told = _read(path)
    except MemoryError:
        told = {"fault": "memory"}
    except RecursionError:
        told = {"fault": "damaged", "detail": "its objects are nested without end"}
    except Exception as fault:  # noqa: BLE001 - whatever a damaged file makes the library raise
        if type(fault).__name__ == "DependencyError":
            told = {"fault": "cipher"}
        else:
            told = {"fault": "damaged", "detail": f"{type(fault).__name__}: {fault}"[:300]}
    json.dump(told, sys.stdout)


def _cap(limit: int, most: int) -> None:
    """Lower a limit of this process."""
    _, hard = resource.getrlimit(limit)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (least, least))


def _read(path: str) -> dict[str, Any]:
    import pypdf  # noqa: PLC0415 - only after the limits hold

    reader = pypdf.PdfReader(path, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"fault": "encrypted"}
    count = len(reader.pages)
    if count > PAGES:
        return {"fault": "pages", "count": count}
    pages: list[str] = []
    pictured: list[int] = []
    broken: list[int] = []
    for number, page in enumerate(reader.pages, 1):
        try:
            text = page.extract_text()
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - one page that cannot be read does not cost the others
            broken.append(number)
            text = ""
        if not text.strip() and number not in broken and _pictured(page):
            pictured.append(number)
        pages.append(text.encode("utf-8", "replace").decode())
        if sum(map(len, pages)) > CHARACTERS:
            return {"fault": "characters", "page": number}
    return {"pages": pages, "pictured": pictured, "broken": broken, "facts": _facts(reader)}


def _pictured(page: Any) -> bool:
    """Whether a page without text shows a picture."""
    try:
        shown: Any = page["/Resources"].get_object().get("/XObject") or {}
        return bool(shown.get_object() if hasattr(shown, "get_object") else shown)
    except Exception:  # noqa: BLE001 - damaged resources
        return False


def _facts(reader: Any) -> dict[str, str]:
    try:
        title = (reader.metadata or {}).get("/Title")
        return {"title": str(title)[:500]} if title else {}
    except Exception:  # noqa: BLE001 - damaged metadata
        return {}


if __name__ == "__main__":
    main()
