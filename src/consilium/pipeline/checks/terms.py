"""Names of a claim that its sentences and what stands around them do not hold: drugs, anatomy, people, diseases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold
from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.wording import Wording, stem

_REASONS = {
    "drug": Reason.DRUG, "class": Reason.DRUG, "vaccine": Reason.DRUG, "anatomy": Reason.ANATOMY, "population": Reason.POPULATION,
    "condition": Reason.CONDITION, "organism": Reason.CONDITION,
}  # fmt: skip
_STEMS = re.compile(
    r"(?:mab|nib|pril|sartan|olol|statin|azole|cillin|mycin|floxacin|gliptin|gliflozin|glutide|parin|xaban|gatran|tidine|prazole|triptan|setron|"
    r"dronate|vir|cycline|oxetine|azepam|zolam|barbital|caine|profen|coxib|thiazide|semide|terol|sone|solone|onide|afil|grel|pine|done|platin|taxel|rubicin)$"
)
_CODE = re.compile(
    r"\b(?=\w*[A-Z])(?=\w*\d|\w*[A-Z]\w*[A-Z])[A-Za-z0-9]+(?:-[A-Za-z0-9]*\d[A-Za-z0-9]*|-[A-Z]{2,})*\b"
)
_FEW = 12


def faults(claim: Wording, cited: Sequence[Wording], around: Wording, lexicon: Lexicon) -> Iterator[Fault]:
    """The names that come from nowhere, and the people or diseases that are wider than the sentences'."""
    everything = (*cited, around)
    known = frozenset().union(*(said.concepts for said in everything))
    above = lexicon.up(known) - known
    stems = frozenset(word.stem for said in everything for word in said.words)
    for concept in sorted(claim.concepts - known):
        reason = _REASONS.get(lexicon.concepts[concept].kind)
        words = next(m.words for m in claim.mentions if m.concept == concept)
        if reason is None:
            continue
        if concept in above and reason in {Reason.CONDITION, Reason.POPULATION}:
            if reason is Reason.POPULATION or lexicon.family(concept) <= _FEW:
                yield Fault(Reason.WIDENED, f"“{words}” is wider than what the cited sentences are about.")
        elif not {stem(word) for word in re.findall(r"[\w']+", words.lower())} <= stems:
            yield Fault(reason, f"No cited sentence names “{words}”.")
    yield from _unknown(claim, stems)
    parts = _parts(claim, lexicon, known)
    for concept in sorted(
        parts.keys() - known - set[str]().union(*(_parts(said, lexicon) for said in everything))
    ):
        yield Fault(Reason.ANATOMY, f"No cited sentence names “{parts[concept]}”.")


def _parts(said: Wording, lexicon: Lexicon, named: frozenset[str] = frozenset()) -> dict[str, str]:
    """The parts of the body that a text names by one word, also inside longer names ("hip pain")."""
    return {
        concept: word.text
        for word in said.words
        if word.names and not word.names & named
        for phrase, concept in lexicon.phrases.get(fold(word.text), ())
        if len(phrase) == 1 and lexicon.concepts[concept].kind == "anatomy"
    }


def _unknown(claim: Wording, stems: frozenset[str]) -> Iterator[Fault]:
    """Drugs that the lexicon does not know, by the stems of international names."""
    for word in claim.words:
        if (
            len(word.text) > 7
            and not word.names
            and word.stem not in stems
            and _STEMS.search(word.text.removesuffix("s"))
        ):
            yield Fault(Reason.DRUG, f"No cited sentence names “{word.text}”.")


def codes(claim: str, cited: str, names: str) -> Iterator[Fault]:
    """Names in capitals or with digits ("CDK4", "NT-proBNP") that no cited sentence holds."""
    allowed = {_flat(word) for word in re.findall(r"[\w-]+", names)}
    theirs = {_flat(found) for found in _CODE.findall(cited)} | {
        _flat(word) for word in re.findall(r"[\w-]+", cited)
    }
    for found in _CODE.findall(claim):
        parts = {_flat(found)} if _flat(found) in theirs else {_flat(part) for part in found.split("-")}
        if not parts <= theirs | allowed and not _initials(found, cited):
            yield Fault(Reason.NAME, f"No cited sentence names “{found}”.")


def _initials(name: str, cited: str) -> bool:
    """Whether some words of the sentences in a row begin with the letters of a short name."""
    letters = re.sub(r"[^a-z]", "", name.lower().removesuffix("s"))
    begin = "".join(word[0] for word in re.findall(r"[a-z]+", cited.lower()))
    return len(letters) > 1 and letters.isalpha() and name.removesuffix("s").isupper() and letters in begin


def _flat(name: str) -> str:
    return re.sub(r"\W", "", name).lower().removesuffix("s")
