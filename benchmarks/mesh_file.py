"""Write a file in the form of NLM's MeSH descriptors, of the size of the real one, with invented names.

    python benchmarks/mesh_file.py FILE [--headings 30000] [--seed 1]

The names are invented from syllables by a seeded generator; the shape (qualifiers, dates, concepts,
permuted terms, tree numbers, actions of drugs) is that of desc2026.xml, some 10 kB a record.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

BRANCHES = ("C04", "C08", "C10", "C14", "C23.888", "D02", "D04", "D12", "D27.505", "E01.370", "E02", "E04")
OTHER = ("A02", "A08", "B01.050", "B03", "B04", "F01", "G02", "N02", "Z01", "L01", "E05", "C22")
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "qui",
    "ro",
    "su",
    "ta",
    "ve",
    "wi",
    "xo",
    "zy",
    "bren",
    "clor",
    "dast",
    "fim",
    "glu",
]
ENDINGS = ("itis", "oma", "ine", "ase", "osis", "pathy", "amide", "ella", "ectomy", "gram")
QUALIFIER = """   <AllowableQualifier>
    <QualifierReferredTo>
     <QualifierUI>Q{0:06d}</QualifierUI>
      <QualifierName>
      <String>qualifier {0}</String>
      </QualifierName>
    </QualifierReferredTo>
    <Abbreviation>QU</Abbreviation>
   </AllowableQualifier>
"""
TERM = """     <Term  ConceptPreferredTermYN="{first}"  IsPermutedTermYN="{turned}"  LexicalTag="{tag}">
      <TermUI>T{ui:06d}</TermUI>
      <String>{name}</String>
      <DateCreated>
       <Year>1999</Year>
       <Month>01</Month>
       <Day>01</Day>
      </DateCreated>
     </Term>
"""


def word(luck: random.Random) -> str:
    """An invented word."""
    return "".join(luck.choices(SYLLABLES, k=luck.randint(2, 4))) + luck.choice(ENDINGS)


def trees(count: int, luck: random.Random) -> Iterator[str]:
    """A tree number for each heading: most are of kinds that the lexicon has."""
    known = [*BRANCHES, *OTHER]
    for _ in range(count):
        above = luck.choice(known if luck.random() < 0.3 else known[-400:])
        tree = f"{above}.{luck.randint(100, 999)}.{luck.randint(100, 999)}"[:60]
        known.append(tree)
        yield tree


def terms(name: str, number: int, luck: random.Random) -> str:
    """The preferred term and up to seven others, some inverted, some trade names."""
    made = [TERM.format(first="Y", turned="N", tag="NON", ui=number * 10, name=name)]
    for place in range(1, luck.randint(2, 8)):
        entry = f"{word(luck)} {word(luck)}".title() if luck.random() < 0.6 else word(luck).title()
        tag = luck.choices(("NON", "TRD", "EPO", "LAB"), (80, 8, 8, 4))[0]
        made.append(TERM.format(first="N", turned="N", tag=tag, ui=number * 10 + place, name=entry))
        if " " in entry:
            inverted = ", ".join(reversed(entry.split()))
            made.append(TERM.format(first="N", turned="Y", tag=tag, ui=number * 10 + place, name=inverted))
    return "".join(made)


def record(number: int, tree: str, luck: random.Random) -> str:
    """One descriptor."""
    name = f"{word(luck)}, {word(luck)}".title() if luck.random() < 0.4 else word(luck).title()
    qualifiers = "".join(QUALIFIER.format(q) for q in range(luck.randint(15, 30)))
    registered = f"{luck.randrange(10**9):09d}" if tree.startswith("D") and luck.random() < 0.7 else "0"
    return f"""<DescriptorRecord DescriptorClass = "1">
  <DescriptorUI>D{number:06d}</DescriptorUI>
  <DescriptorName>
   <String>{name}</String>
  </DescriptorName>
  <AllowableQualifiersList>
{qualifiers}  </AllowableQualifiersList>
  <TreeNumberList>
   <TreeNumber>{tree}</TreeNumber>
  </TreeNumberList>
  <ConceptList>
   <Concept PreferredConceptYN="Y">
    <ConceptUI>M{number:07d}</ConceptUI>
    <ConceptName>
     <String>{name}</String>
    </ConceptName>
    <RegistryNumber>{registered}</RegistryNumber>
    <ScopeNote>{" ".join(word(luck) for _ in range(60))}.
    </ScopeNote>
    <TermList>
{terms(name, number, luck)}    </TermList>
   </Concept>
  </ConceptList>
 </DescriptorRecord>
"""


def write(path: Path, headings: int, seed: int) -> None:
    """Write the file; the same arguments make the same bytes."""
    luck = random.Random(seed)  # noqa: S311 - invented names are no secret
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0"?>\n<!DOCTYPE DescriptorRecordSet SYSTEM "desc2026.dtd">\n')
        file.write('<DescriptorRecordSet LanguageCode = "eng">\n')
        for number, tree in enumerate(trees(headings, luck), 1):
            file.write(record(number, tree, luck))
        file.write("</DescriptorRecordSet>\n")


if __name__ == "__main__":
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("file", type=Path)
    wanted.add_argument("--headings", type=int, default=30_000)
    wanted.add_argument("--seed", type=int, default=1)
    given = wanted.parse_args()
    write(given.file, given.headings, given.seed)
