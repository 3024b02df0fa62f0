"""Take a baseline of works into a library, and an update; what that costs in time, memory and disk.

    python benchmarks/ingest.py FOLDER [--works 200000] [--update 30000] [--form works|medline]

The works are put together of real statements by a seeded generator, of the size and shape of MEDLINE's: a
structured abstract, headings, authors, dates. FOLDER gets the files and a library, and is for you to remove.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from consilium.adapters import starter
from consilium.adapters.sources.sentences import VERSION, ends_of
from consilium.adapters.sources.works import FORM

_A_FILE = 30_000
_LABELS = (
    ("BACKGROUND", "background"),
    ("METHODS", "methods"),
    ("RESULTS", "results"),
    ("CONCLUSIONS", "conclusion"),
)
_DESIGNS = ("Randomized Controlled Trial", "Cohort Studies", "Review", "Case Reports", "Journal Article")
_NAMES = ("Meier", "Okafor", "Silva", "Tanaka", "Novak", "Haddad", "Olsen", "Kumar", "Rossi", "Dubois")


def abstracts(
    count: int, first: int = 0, edition: str = ""
) -> Iterator[tuple[int, str, list[str], list[str], str, int]]:
    """(number, title, four texts, headings, design, year) of so many works, the same ones each time."""
    records = list(starter.records())
    titles = [record["source"]["title"] for record in records]
    headings = sorted({heading for record in records for heading in record["mesh"]})
    statements = [statement["text"] for record in records for statement in record["statements"]]
    for number in range(first, first + count):
        luck = random.Random(number)  # noqa: S311 - no secret
        texts = [" ".join(luck.choices(statements, k=luck.randint(1, 4))) for _ in _LABELS]
        title = f"{luck.choice(titles)}: {luck.choice(headings).lower()}{edition}"
        yield number, title, texts, luck.sample(headings, 9), luck.choice(_DESIGNS), luck.randint(1975, 2026)


def as_line(number: int, title: str, texts: list[str], headings: list[str], design: str, year: int) -> str:
    """A work as `consilium library export` writes it."""
    sections = [
        {"passage": 0, "label": label, "role": role, "text": text, "ends": ends_of(text)}
        for (label, role), text in zip(_LABELS, texts, strict=True)
    ]
    work: dict[str, Any] = {
        "form": FORM,
        "id": f"pmid-{number}",
        "kind": "study",
        "source": {
            "title": title,
            "publication_type": design,
            "year": year,
            "authors": ", ".join(_NAMES[: number % 9 + 1]),
            "journal": "Journal of Made-up Medicine",
            "pmid": str(number),
            "language": "eng",
        },
        "licence": None,
        "topics": [],
        "mesh": headings,
        "splitter": VERSION,
        "sections": sections,
    }
    return json.dumps(work, ensure_ascii=False) + "\n"


def as_medline(number: int, title: str, texts: list[str], headings: list[str], design: str, year: int) -> str:
    """An article as the files of PubMed have it."""
    parts = "".join(
        f'<AbstractText Label="{label}" NlmCategory="{label}">{escape(text)}</AbstractText>'
        for (label, _), text in zip(_LABELS, texts, strict=True)
    )
    mesh = "".join(
        f'<MeshHeading><DescriptorName UI="D{place:06}" MajorTopicYN="{"NY"[place < 2]}">{escape(heading)}'
        "</DescriptorName></MeshHeading>"
        for place, heading in enumerate(headings)
    )
    authors = "".join(
        f'<Author ValidYN="Y"><LastName>{name}</LastName><ForeName>Ada</ForeName><Initials>A</Initials></Author>'
        for name in _NAMES[: number % 9 + 1]
    )
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{number}</PMID>
<DateRevised><Year>{year}</Year><Month>06</Month><Day>01</Day></DateRevised>
<Article PubModel="Print"><Journal><ISSN IssnType="Print">0000-0000</ISSN><JournalIssue CitedMedium="Print">
<Volume>1</Volume><Issue>2</Issue><PubDate><Year>{year}</Year><Month>May</Month></PubDate></JournalIssue>
<Title>Journal of Made-up Medicine</Title><ISOAbbreviation>J Made Up Med</ISOAbbreviation></Journal>
<ArticleTitle>{escape(title)}.</ArticleTitle><Pagination><MedlinePgn>1-9</MedlinePgn></Pagination>
<Abstract>{parts}</Abstract><AuthorList CompleteYN="Y">{authors}</AuthorList><Language>eng</Language>
<PublicationTypeList><PublicationType UI="D000000">{design}</PublicationType></PublicationTypeList></Article>
<MeshHeadingList>{mesh}</MeshHeadingList></MedlineCitation>
<PubmedData><PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">{number}
</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
"""


FORMS: dict[str, tuple[str, Callable[..., str], str, str]] = {
    "works": ("jsonl.gz", as_line, "", ""),
    "medline": ("xml.gz", as_medline, '<?xml version="1.0"?>\n<PubmedArticleSet>\n', "</PubmedArticleSet>\n"),
}


def write(folder: Path, count: int, form: str, first: int = 0, edition: str = "") -> None:
    """Write the files of so many works, some thousands a file; those that are there stay."""
    ending, made, before, after = FORMS[form]
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(first, first + count, _A_FILE):
        path = folder / f"works-{start:08}.{ending}"
        if not path.exists():
            with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
                file.write(before)
                for work in abstracts(min(_A_FILE, first + count - start), start, edition):
                    file.write(made(*work))
                file.write(after)


def add(library: Path, folder: Path) -> dict[str, Any]:
    """Add a folder by the command, in a process of its own; its report, with what it used."""
    code = "from consilium.cli import main; main()"
    command = [sys.executable, "-c", code, "library", "add", str(folder), "--json", "--library", str(library)]
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    most: tuple[int, ...] = (0,)
    while process.poll() is None:
        most = max(most, _private(process.pid), key=sum)
        time.sleep(0.2)
    told = json.loads(process.stdout.read() if process.stdout else "")
    seconds, used = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    total = told["total"]
    return {
        "read": total["read"],
        "new": total["new"],
        "replaced": total["replaced"],
        "seconds": round(seconds, 1),
        "a second": round(total["read"] / seconds),
        "seconds of processors": round(used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, 1),
        "most MB, all processes": [round(each / 1e6) for each in most],
        "most MB with mapped files, one process": round(used.ru_maxrss / 1e3),
    }


def _private(pid: int) -> tuple[int, ...]:
    """The memory that is not the page cache's, of a process and of each of its children: bytes."""
    found = []
    for each in [pid, *_children(pid)]:
        try:
            lines = Path(f"/proc/{each}/status").read_text("ascii").splitlines()
        except OSError:
            continue
        found.append(sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon")))
    return tuple(found)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def _size(folder: Path) -> int:
    # Links to one file count once.
    files = {(s.st_dev, s.st_ino): s.st_size for p in folder.rglob("*") if p.is_file() for s in [p.stat()]}
    return sum(files.values())


def main() -> None:
    """Write, add, add the update, and print each as a line of JSON."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("--works", type=int, default=200_000)
    wanted.add_argument("--update", type=int, default=30_000)
    wanted.add_argument("--form", choices=sorted(FORMS), default="works")
    given = wanted.parse_args()
    library = given.folder / "library"
    write(given.folder / "baseline", given.works, given.form)
    # Half of an update are works that are held, the other half are new.
    write(given.folder / "update", given.update, given.form, given.works - given.update // 2, " (revised)")
    code = f"from consilium import wiring; from pathlib import Path; wiring.world(library=Path({str(library)!r}))"
    subprocess.run([sys.executable, "-c", code], check=True)  # with what ships, before the clock starts
    print(json.dumps({"cores": os.cpu_count(), "form": given.form}))
    print(json.dumps({"baseline": add(library, given.folder / "baseline")}), flush=True)
    print(json.dumps({"update": add(library, given.folder / "update")}), flush=True)
    print(
        json.dumps(
            {"MB on disk": round(_size(library) / 1e6), "MB of files": round(_size(given.folder) / 1e6)}
        )
    )


if __name__ == "__main__":
    main()
