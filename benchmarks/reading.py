"""How fast files of literature are read, mapped and split, against lxml's bare parser over the same file.

    python benchmarks/reading.py [RECORDS]

Writes a seeded file as NLM's baseline has them, its sentences drawn from the starter library: a fifth without
an abstract (as 1,000 MEDLINE records of trials had it; all of MEDLINE has more), half of the others with
labels, half of all with lists of references; then times, each the best of three:
lxml's ``iterparse`` alone and the reader of PubMed XML, in seconds of the processor, and tells the peak of memory.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from consilium.adapters import starter
from consilium.adapters.sources.citation import work_of
from consilium.adapters.sources.markup import elements
from consilium.adapters.sources.medline import pubmed
from consilium.adapters.sources.medline.articles import citation_of
from consilium.adapters.sources.opened import opened

LABELS = (
    ("BACKGROUND", "BACKGROUND"),
    ("METHODS", "METHODS"),
    ("RESULTS", "RESULTS"),
    ("CONCLUSIONS", "CONCLUSIONS"),
)
SHAPE = (2, 3, 4, 1)
TYPES = ("Journal Article", "Randomized Controlled Trial", "Review", "Case Reports", "Systematic Review")
TOP = "PubmedArticle"


class Made:
    """Records drawn by chance from real sentences, the same ones each time."""

    def __init__(self) -> None:
        """Read what is drawn from."""
        held = list(starter.records())
        self.titles = [escape(record["source"]["title"]) for record in held]
        # Statements of records open with whom they are about and a colon; sentences of abstracts hardly do.
        self.statements = [
            escape(item["text"].replace(": ", ", ")) for record in held for item in record["statements"]
        ]
        self.headings = sorted({escape(name) for record in held for name in record["mesh"]})
        self.chance = random.Random(1)  # noqa: S311 - no secret

    def abstract(self) -> str:
        """An abstract of ten sentences, with labels or without; none now and then."""
        if self.chance.random() < 0.2:
            return ""
        drawn = self.chance.choices(self.statements, k=sum(SHAPE))
        if self.chance.random() < 0.5:
            return f"<Abstract><AbstractText>{' '.join(drawn)}</AbstractText></Abstract>"
        parts, start = [], 0
        for (label, category), count in zip(LABELS, SHAPE, strict=True):
            text = " ".join(drawn[start : start + count])
            parts.append(f'<AbstractText Label="{label}" NlmCategory="{category}">{text}</AbstractText>')
            start += count
        return f"<Abstract>{''.join(parts)}</Abstract>"

    def record(self, number: int) -> str:
        """One PubmedArticle."""
        chance = self.chance
        authors = "".join(
            f'<Author ValidYN="Y"><LastName>Name{n}</LastName><ForeName>Ann B</ForeName><Initials>AB</Initials>'
            "<AffiliationInfo><Affiliation>Department of Medicine, University Hospital, Anytown, Country."
            "</Affiliation></AffiliationInfo></Author>"
            for n in range(chance.randint(1, 9))
        )
        headings = "".join(
            f'<MeshHeading><DescriptorName UI="D{n:06}" MajorTopicYN="{"NY"[n % 2]}">{name}</DescriptorName>'
            f'<QualifierName UI="Q{n:06}" MajorTopicYN="N">drug therapy</QualifierName></MeshHeading>'
            for n, name in enumerate(chance.choices(self.headings, k=10))
        )
        references = "".join(
            f"<Reference><Citation>Name A, Name B. {title}. J Med. 2001;1(2):3-4.</Citation><ArticleIdList>"
            f'<ArticleId IdType="pubmed">{n}</ArticleId></ArticleIdList></Reference>'
            for n, title in enumerate(chance.choices(self.titles, k=30 if number % 2 else 0))
        )
        return (
            f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{number}</PMID>'
            "<DateRevised><Year>2020</Year><Month>01</Month><Day>02</Day></DateRevised>"
            '<Article PubModel="Print"><Journal><ISSN IssnType="Print">0000-0000</ISSN><JournalIssue CitedMedium='
            f'"Print"><Volume>{number % 99}</Volume><Issue>2</Issue><PubDate><Year>{1990 + number % 35}</Year>'
            "<Month>Jun</Month></PubDate></JournalIssue><Title>Journal of medicine</Title><ISOAbbreviation>J Med"
            f"</ISOAbbreviation></Journal><ArticleTitle>{chance.choice(self.titles)}.</ArticleTitle><Pagination>"
            f"<MedlinePgn>1-9</MedlinePgn></Pagination>{self.abstract()}<AuthorList>{authors}"
            '</AuthorList><Language>eng</Language><PublicationTypeList><PublicationType UI="D016428">'
            f"{TYPES[number % 5]}</PublicationType></PublicationTypeList></Article><MedlineJournalInfo><Country>"
            "England</Country><MedlineTA>J Med</MedlineTA></MedlineJournalInfo><MeshHeadingList>"
            f'{headings}<MeshHeading><DescriptorName UI="D006801" MajorTopicYN="N">Humans</DescriptorName>'
            "</MeshHeading></MeshHeadingList></MedlineCitation><PubmedData><PublicationStatus>ppublish"
            f'</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">{number}</ArticleId></ArticleIdList>'
            f"<ReferenceList>{references}</ReferenceList></PubmedData></PubmedArticle>\n"
        )


def write_baseline(path: Path, count: int, *, first: int = 1) -> None:
    """Write a file of so many records, the first of them so numbered."""
    made = Made()
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n')
        for number in range(first, first + count):
            file.write(made.record(number))
        file.write("</PubmedArticleSet>\n")


def bare(path: Path) -> Iterator[None]:
    """Every record as lxml parses it, forgotten at once."""
    for _, element in etree.iterparse(str(path), tag=TOP):
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
        yield


def mapped(path: Path) -> Iterator[object]:
    """Every record read and mapped, its text not told by sentences and roles."""
    with opened(path) as stream:
        for element in elements(path, stream, (TOP,), pubmed.ROOTS):
            citation = citation_of(element)
            citation.parts = []
            yield work_of(citation)


def rate(run: Iterator[object], count: int) -> float:
    """Records a second."""
    start = time.process_time()
    read = sum(1 for _ in run)
    assert read == count, (read, count)  # noqa: S101
    return count / (time.process_time() - start)


def main() -> None:
    """Measure both in turn."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "baseline.xml"
        write_baseline(path, count)
        size = path.stat().st_size
        print(f"{count:,} records, {size / count:,.0f} bytes each")
        ways = {"bare iterparse": bare, "read and mapped": mapped, "… and split, with roles": pubmed.read}
        best = dict.fromkeys(ways, 0.0)
        for _ in range(3):
            for name, way in ways.items():
                best[name] = max(best[name], rate(way(path), count))
        for name, found in best.items():
            print(f"{name}: {found:,.0f} records/s = {found / best['bare iterparse']:.0%}")
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
