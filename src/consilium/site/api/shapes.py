"""What goes in and out, apart from the article, whose shape is the contract's."""

from __future__ import annotations

import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema
from ninja.params.functions import Path, Query
from pydantic import ConfigDict

from consilium.domain.question import Audience

Words = Annotated[
    str,
    Query(
        max_length=200,
        description="What the question is about; synonyms and slips of the pen are understood.",
    ),
]
Topic = Annotated[str, Query(max_length=200, description="A topic of the article, as in a list.")]
SomeWords = Annotated[
    str,
    Query(min_length=1, max_length=200, description="What the question is about, or words of the content."),
]
Number = Annotated[int, Query(ge=1, le=100_000, description="Which page.")]
Seconds = Annotated[int, Query(ge=0, le=30, description="How long to wait for the article.")]
RunId = Annotated[UUID, Path(description="The id of a run.")]
ArticleId = Annotated[UUID, Path(description="The id of an article on this site.")]
SourceId = Annotated[str, Path(description="The id of a source, as in a reference.")]
Form = Annotated[str, Path(description="md, txt, json, ris, bib or csl.json.")]
For = Annotated[Audience, Query(description="For whom the article is worded.")]
Line = Annotated[str, Field(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Problem(Schema):
    """An error (RFC 9457). `detail` is a sentence that says what to do."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str


class Asked(Schema):
    """A question."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(min_length=1, max_length=2000, description="In the asker's own words.")
    audience: Audience | None = Field(
        None, description="For whom the article is worded; by default a patient for a lay first person."
    )
    country: Line = Field(
        "",
        description='Whose guidelines come first, as written in the sources: "UK". One that the library knows.',
    )
    follows: UUID | None = Field(None, description="The article that this question follows up.")
    anew: bool = Field(False, description="Write a new article even where a fitting one exists.")
    knowing: bool = Field(False, description="Ask it even where it seems to name or point to a person.")


class Confirmed(Schema):
    """What a person has looked at before it becomes public."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(
        min_length=1, max_length=2000, description="The question, without anything about a person."
    )


class Published(Schema):
    """Whether an article is public."""

    id: UUID
    published: datetime.datetime | None


class RunLinks(Schema):
    """Where to go on."""

    self: str
    events: str
    cancel: str
    article: str | None


class Run(Schema):
    """A question on its way to an answer."""

    id: UUID
    state: str = Field(description="queued, running, done, failed or cancelled")
    question: str
    audience: Audience
    country: str
    follows: UUID | None
    created: datetime.datetime
    finished: datetime.datetime | None
    article: UUID | None = Field(description="What came of it, once the state is done.")
    fault: str | None = Field(description="Why it failed, in a sentence.")
    links: RunLinks


class ArticleLinks(Schema):
    """Where to go on."""

    self: str
    page: str
    exports: dict[str, str]


class Row(Schema):
    """An article in a list."""

    id: UUID
    kind: str = Field(description="article or abstention")
    question: str
    topics: list[str]
    published: datetime.datetime
    revised: datetime.datetime
    links: ArticleLinks


class Page(Schema):
    """One page of a list."""

    items: list[Row]
    page: int
    pages: int
    total: int


class Sentence(Schema):
    """A sentence of a source. `origin` says whose words it is made of."""

    id: str
    text: str
    origin: str
    checked: str
    passage: str
    heading: str | None
    locator: str | None


class Source(Schema):
    """A work that answers rest on, and where it stands."""

    id: str
    version: int
    kind: str
    title: str
    design: str
    organisation: list[str]
    authors: str | None
    year: int | None
    journal: str | None
    jurisdiction: str | None
    population: str | None
    status: str
    status_basis: str
    status_checked_on: str | None
    status_note: str | None
    pmid: str | None
    pmcid: str | None
    doi: str | None
    url: str | None
    licence: str | None
    sentences: list[Sentence]
    cited_by: list[UUID] = Field(description="Articles that you may read, the newest first, at most 200.")


class Health(Schema):
    """Whether something is well."""

    status: str
