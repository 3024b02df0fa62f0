"""Abstracts in their authors' words for tests, and a world over them."""

from __future__ import annotations

from dataclasses import replace

from consilium.adapters.index.joined import Joined
from consilium.adapters.sources.sentences import VERSION, ends_of
from consilium.adapters.sources.works import FORM
from consilium.pipeline.annotate import annotate
from tests.fakes import FakePassages, FakeWorks

METHODS, RESULTS, CONCLUSION = "methods", "results", "conclusion"


def abstract(name, title, *sections, kind="study", design="randomised trial", mesh=(), **source):
    """A work of one passage, a section for each (role, text), or (role, text, advice)."""
    return {
        "form": FORM,
        "id": name,
        "kind": kind,
        "source": {"title": title, "publication_type": design, "language": "eng", **source},
        "licence": None,
        "topics": [],
        "mesh": list(mesh),
        "splitter": VERSION,
        "sections": [
            {
                "passage": 0,
                "label": role.upper(),
                "role": role,
                "text": text,
                "ends": ends_of(text),
                **({"advice": advice[0]} if advice else {}),
            }
            for role, text, *advice in sections
        ],
    }


ZINC = abstract(
    "pmid-1",
    "Zinc for acute diarrhoea in children: a randomised trial",
    (METHODS, "A total of 300 children with acute diarrhoea were randomised to zinc or placebo."),
    (
        RESULTS,
        "Zinc reduced the duration of diarrhoea by 18 hours (95% CI 4 to 32). "
        "Vomiting was more common with zinc (12% versus 5%, p = 0.01).",
    ),
    (
        CONCLUSION,
        "Zinc shortens acute diarrhoea in children. However, the benefit was not seen in breast-fed infants. "
        "Further studies of zinc are needed.",
    ),
    year=2012,
    pmid="1",
    mesh=["Humans", "Child", "Diarrhea", "Zinc"],
)
LEANING = abstract(
    "pmid-2",
    "Zinc and diarrhoea in a rural cohort of children",
    (METHODS, "We followed 100 children with diarrhoea."),
    (CONCLUSION, "These had less diarrhoea with zinc."),
    year=2010,
    pmid="2",
    mesh=["Child"],
)
RATS = abstract(
    "pmid-3",
    "Zinc for diarrhoea in weaned piglets: a trial",
    (CONCLUSION, "Zinc reduced diarrhoea in young animals."),
    pmid="3",
    mesh=["Animals"],
)
PLANNED = abstract(
    "pmid-4",
    "Zinc for diarrhoea in children: study protocol for a trial",
    (CONCLUSION, "This trial will show whether zinc reduces diarrhoea in children."),
    pmid="4",
)
OTHER = abstract(
    "pmid-5",
    "Zinc for children: growth and diarrhoea",
    (RESULTS, "Zinc increased height in children."),
    (CONCLUSION, "Zinc lowered the rate of pneumonia in children."),
    pmid="5",
)
WORKS = (ZINC, LEANING, RATS, PLANNED, OTHER)


def over(world, works=WORKS, passages=None):
    """A world that holds works beside what it held."""
    library = FakeWorks(works, world.library)
    found = passages or FakePassages(works)
    index = Joined(world.index, found, library, world.lexicon, annotate)
    return replace(world, library=library, index=index)
