"""An article cut to three statements of three works, and a library that writes changes down."""

from __future__ import annotations

from types import SimpleNamespace

from consilium.adapters.contract.revision import revise
from consilium.domain.change import ChangeKind, StatusChange
from consilium.errors import EditRefused
from consilium.pipeline.revising import statements
from consilium.site.articles import knowledge
from consilium.site.articles.models import Article, Revision
from consilium.site.editorial.soundness import faults_of

QUESTION = "Suspected cauda equina syndrome: which MRI?"
_CLAIMS = 3


def cut(article: Article) -> Article:
    """Take statements out by the editors' own edit, in place, before anybody has seen the article."""
    world, kept = knowledge.world(), article.current
    document, worded = kept.document, kept.renderings
    claims = document["content"]["claims"]
    # In an order of its own: PostgreSQL keeps none of the keys of an object.
    for name in sorted(claims, key=lambda name: (-len(claims[name]["citations"]), name)):
        if name not in document["content"]["claims"] or len(document["content"]["claims"]) <= _CLAIMS:
            continue
        try:
            made = revise(
                document,
                worded,
                lambda m, name=name: statements.remove(m, name, world.lexicon),
                world.library,
                world.lexicon,
            )
        except EditRefused:
            continue
        document, worded = made.document, made.renderings
    Revision.objects.filter(pk=kept.pk).update(
        content_id=document["id"], document=document, renderings=worded, plan_key=""
    )
    assert faults_of(article.current) == []
    return article


def rests_on(article: Article) -> dict[str, str]:
    """By statement, the work that it rests on."""
    content = article.current.document["content"]
    names = {r["number"]: r["source"] for r in content["references"]}
    cited = {name: {c["reference"] for c in body["citations"]} for name, body in content["claims"].items()}
    assert all(len(numbers) == 1 for numbers in cited.values())
    return {name: names[numbers.pop()] for name, numbers in cited.items()}


class Written:
    """The library of this run, with changes of its own."""

    def __init__(self, monkeypatch) -> None:
        self.written: list[StatusChange] = []
        real = knowledge.world()
        held = SimpleNamespace(library=self, index=real.index, speller=real.speller, lexicon=real.lexicon)
        self._library = real.library
        monkeypatch.setattr(knowledge, "world", lambda: held)

    def changes(self, after: int, limit: int) -> tuple[StatusChange, ...]:
        return tuple(change for change in self.written if change.id > after)[:limit]

    def __getattr__(self, name: str) -> object:
        return getattr(self._library, name)

    def retract(self, source: str) -> None:
        number = len(self.written) + 1
        self.written.append(
            StatusChange(
                id=number,
                at="2026-11-30T12:00:00Z",
                source=source,
                version=1000 + number,
                kind=ChangeKind.RETRACTED,
                was="current",
                now="retracted",
                why="The journal retracted it.",
            )
        )
