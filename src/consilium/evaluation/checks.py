"""How many false claims the checks of a claim catch, and how many true ones they reject, by kind.

True claims: statements that ship, each as its own support, and in other words; claims that people have verified, and
statements that physicians drew from their own answers. False ones: the same with one change (``mutations``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from consilium.domain.evidence import Sentence, Source, StatementKind
from consilium.errors import MalformedCollection
from consilium.evaluation import beir
from consilium.evaluation import claims as verified
from consilium.evaluation.coverage import split_of
from consilium.evaluation.jsonl import objects
from consilium.evaluation.mutations import chance_of, mutants
from consilium.evaluation.paraphrasing import BY_HAND, by_hand, paraphrases
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.checks.claim import check
from consilium.pipeline.checks.faults import CitedWords, Fault

Cut = Callable[[str], list[int]]
OWN = "statements that ship"
_ANSWERS = ("questions_w_answers.jsonl", "questions_w_answers.jsonl.gz")


@dataclass(frozen=True, slots=True)
class Supported:
    """A true claim beside the sentences that support it."""

    id: str
    text: str
    cited: tuple[CitedWords, ...]
    kind: StatementKind


@dataclass(slots=True)
class Tally:
    """What was seen of one collection.

    Attributes:
        claims: how many true claims, and ``rejected`` how many of them wrongly, by reason in ``reasons``.
        mutants: by kind how many false ones, of the claims that pass, and ``caught`` how many of them.
        reworded: by kind how many in other words, and ``lost`` how many of them are rejected.
        missed: the false ones that passed, and ``wronged`` the true ones that did not, for a reader.
    """

    claims: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    mutants: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    reworded: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    wronged: list[tuple[str, str, tuple[Fault, ...]]] = field(default_factory=list)


def cited_words(sentence: Sentence, source: Source) -> CitedWords:
    """A sentence as the checks see it."""
    people = sentence.population or source.population
    return CitedWords(
        sentence.text, sentence.heading, source.title, people, source.issues_advice, sentence.grade
    )


def own(statements: Iterable[tuple[Source, Sentence]]) -> Iterator[Supported]:
    """Statements, each as its own support; not the recommendations of studies, which no claim may be."""
    for source, sentence in statements:
        if source.issues_advice or sentence.kind is not StatementKind.RECOMMENDATION:
            yield Supported(sentence.id, sentence.text, (cited_words(sentence, source),), sentence.kind)


def collection(folder: Path, ends_of: Cut) -> Iterator[Supported]:
    """The supported claims of a folder in the form of SciFact or of K-QA.

    Args:
        ends_of: where each sentence of a text ends.

    Raises:
        MalformedCollection: it has neither form, or a file of it cannot be read.
    """
    if any((folder / name).exists() for name in _ANSWERS):
        return _answers(folder, ends_of)
    if any((folder / name).exists() for name in ("claims.jsonl", "claims.jsonl.gz")):
        return _claims(folder)
    raise MalformedCollection(
        f"{folder} has neither `claims.jsonl` beside `corpus.jsonl` (as SciFact) nor `questions_w_answers.jsonl` (as K-QA)."
    )


def _claims(folder: Path) -> Iterator[Supported]:
    corpus = beir.first(folder, "corpus.jsonl", "corpus.jsonl.gz")
    known = verified.abstracts(corpus)
    titles = {str(item.get("_id")): str(item.get("title") or "") for _, item in objects(corpus)}
    for claim in verified.claims(beir.first(folder, "claims.jsonl", "claims.jsonl.gz"), known):
        by_document: dict[str, set[int]] = defaultdict(set)
        for part in claim.evidence:
            if part.kind == verified.SUPPORTED:
                by_document[part.document] |= set(part.sentences)
        for document, places in by_document.items():
            cited = tuple(CitedWords(known[document][n], title=titles[document]) for n in sorted(places))
            yield Supported(claim.id, claim.text, cited, StatementKind.FINDING)


def _answers(folder: Path, ends_of: Cut) -> Iterator[Supported]:
    for where, item in objects(beir.first(folder, *_ANSWERS)):
        try:
            answer, drawn = item["Free_form_answer"], [*item["Must_have"], *item["Nice_to_have"]]
            ends = ends_of(answer)
            sentences = [answer[start:end].strip() for start, end in zip([0, *ends], ends, strict=False)]
            heading = str(item["Question"])
        except (KeyError, TypeError) as fault:
            raise MalformedCollection(
                f"{where} is no answer: it needs `Question`, `Free_form_answer`, `Must_have` and `Nice_to_have`."
            ) from fault
        for text in drawn:
            near = verified.closest(text, [sentence for sentence in sentences if sentence])
            cited = tuple(CitedWords(sentence, heading) for sentence in near)
            yield Supported(f"{heading}:{text}", text.strip(), cited, StatementKind.FINDING)


def of_half(claims: Iterable[Supported], half: str) -> list[Supported]:
    """The claims of one half, by a hash of their id; ``all`` for both."""
    return [claim for claim in claims if half in {"all", split_of(claim.id)}]


def measure(claims: Iterable[Supported], lexicon: Lexicon, seed: int, *, reword: bool) -> Tally:
    """Check every claim as it is, made false, and (with ``reword``) in other words."""
    tally = Tally()
    hand = defaultdict[str, list[str]](list)
    for name, text in by_hand() if reword else ():
        hand[name].append(text)
    for claim in claims:
        tally.claims += 1
        if faults := check(claim.text, claim.cited, lexicon, claim.kind):
            tally.rejected += 1
            tally.reasons.update({fault.reason.value for fault in faults})
            tally.wronged.append(("as it is", claim.text, faults))
            continue
        for mutant in mutants(claim.text, lexicon, chance_of(seed, claim.id)):
            tally.mutants[mutant.kind] += 1
            if check(mutant.text, claim.cited, lexicon, claim.kind):
                tally.caught[mutant.kind] += 1
            else:
                tally.missed.append((mutant.kind, mutant.text, claim.text))
        if reword:
            said = [(m.kind, m.text) for m in paraphrases(claim.text, lexicon)]
            _reword(claim, [*said, *((BY_HAND, text) for text in hand[claim.id])], lexicon, tally)
    return tally


def _reword(claim: Supported, said: Iterable[tuple[str, str]], lexicon: Lexicon, tally: Tally) -> None:
    for kind, text in said:
        tally.reworded[kind] += 1
        if faults := check(text, claim.cited, lexicon, claim.kind):
            tally.lost[kind] += 1
            tally.wronged.append((kind, text, faults))
