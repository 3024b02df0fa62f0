"""A text as words with their stems, the concepts that they name, and the clause that each stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold
from consilium.lexicon.recognise import Mention, read
from consilium.pipeline.plain import plain

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:\d+[^\W\d_]*)*(?:'[^\W\d_]+)?|[<>≤≥=%+]")
_SEGMENT = re.compile(r"[;!?]|\.(?=\s|$)")
_CLAUSE = re.compile(
    r"[,:()]|\s-+\s|\b(?:but|although|though|while|whilst|whereas|because|since|unless|except|if|when"
    r"|where|which|who|that"
    r"|whether|so that|provided|however|yet|until)\b"
)
_ENDINGS = (
    "ational", "ations", "ation", "ingly", "ments", "ment", "edly", "ings", "ing", "ions", "ion", "ives", "ive", "ance", "ence",
    "ally", "ies", "ed", "ly", "es", "al", "er", "or", "e", "s", "y",
)  # fmt: skip
# "6 months-10 years": a dash between two amounts, not inside a name such as "COVID-19".
_JOINED = re.compile(
    r"(?:(?<=\d hours)|(?<=\d days)|(?<=\d weeks)|(?<=\d months)|(?<=\d years)|(?<=\d mg)|(?<=\d g)"
    r"|(?<=\d ml)|(?<=\d per cent))-(?=\d)"
)
_IRREGULAR = {
    "given": "give", "gave": "give", "taken": "take", "took": "take", "fell": "fall", "fallen": "fall", "rose": "rise",
    "risen": "rise", "men": "man", "women": "woman", "children": "child", "babies": "baby", "chosen": "choose",
    "began": "begin", "begun": "begin", "found": "find", "kept": "keep", "led": "lead", "shown": "show", "seen": "see",
    "worse": "wors", "worsen": "wors", "worst": "wors", "better": "better", "less": "less", "lesser": "less", "died": "death",
    "die": "death", "dies": "death", "dying": "death", "deaths": "death", "dead": "death", "mortality": "death",
    "fatal": "death", "survive": "surviv", "beyond": "beyond", "more": "more", "most": "most", "either": "either",
    "neither": "neither", "other": "other", "under": "under", "over": "over", "after": "after", "before": "before",
    "never": "never", "ever": "ever", "however": "however", "rather": "rather", "whether": "whether",
}  # fmt: skip
# Words that stand for one act, so that "do not prescribe" meets "should not be given".
_SAME = {
    word: group.split()[0]
    for group in (
        "give use offer prescribe administer take receive treat treatment therapy provide apply",
        "recommend advise recommendation advice", "begin start initiate commence", "stop discontinue cease withdraw halt",
        "need require necessary requirement", "help useful helpful benefit beneficial", "person people patient individual participant subject",
        "child kid paediatric pediatric", "baby infant", "do perform carry", "check monitor measure", "show find demonstrate",
        "fever febrile", "admit admitted admission", "absent absence", "alone only",
        "lose loss lost", "sure certain", "often frequent frequently common commonly commoner", "wound injury", "aged age older old year", "sensitive sensitivity", "specific specificity", "differ difference different", "prevent prevention", "wait await", "image imaging scan",
    )
    for word in group.split()
}  # fmt: skip
# Words that carry nothing by which two clauses could be told to be about the same.
_LITTLE = (
    "a an the of in to with for on at by from and or as is are was were be been being has have had do "
    "does did it its this that "
    "these those there their they he she his her we you your who whom which what than then so such into "
    "about between among "
    "during per via also both each any all some can could will would may might should must shall not no "
    "nor neither never "
    "without cannot but if when where while unless only more most less least very rather instead whether "
    "however because "
    "person one other than same much many few per cent % < > ≤ ≥ = + vs v versus i e g eg ie over under "
    "above below least up"
)
STOP = frozenset(_LITTLE.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as it stands, its stem, the concepts it helps to name, and the number of its clause and segment."""

    text: str
    stem: str
    start: int
    end: int
    clause: int
    segment: int
    names: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """All by which the same word of another text is known."""
        return self.names | {self.stem}

    @property
    def carries(self) -> bool:
        """Whether it says what a clause is about."""
        return bool(self.names) or not (self.stem in STOP or self.text in STOP or self.text[0].isdigit())


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as the checks read it."""

    text: str
    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]

    @property
    def keys(self) -> frozenset[str]:
        """All keys of all words that carry something."""
        return frozenset(key for word in self.words if word.carries for key in word.keys)

    @property
    def concepts(self) -> frozenset[str]:
        """The concepts that it names."""
        return frozenset(mention.concept for mention in self.mentions)

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
        """Where a pattern is found: the number of its first word, of the word after it, and its words."""
        for found in pattern.finditer(self.text):
            inside = [n for n, w in enumerate(self.words) if w.start < found.end() and found.start() < w.end]
            if inside:
                yield inside[0], inside[-1] + 1, found[0].strip()


def wording(text: str, lexicon: Lexicon) -> Wording:
    """Read a text."""
    copy = plainly(text)
    reading = read(plain(text)[0], lexicon)
    clauses = [match.start() for match in _CLAUSE.finditer(copy)]
    segments = [match.start() for match in _SEGMENT.finditer(copy)]
    words = []
    for match in _TOKEN.finditer(copy):
        start, end = match.span()
        names = frozenset(m.concept for m in reading.mentions if m.start < end and start < m.end)
        segment = sum(place < start for place in segments)
        clause = sum(place <= start for place in clauses) + segment
        words.append(Word(match[0], stem(match[0]), start, end, clause, segment, names))
    return Wording(copy, tuple(words), reading.mentions)


def plainly(text: str) -> str:
    """A text in lower case with one kind of dash and space, place for place where that is possible."""
    copy = plain(text)[0].lower()
    copy = re.sub(r"\b(not), ([^,]{1,20}), ", r"\1  \2  ", copy)
    for mark, words in (("½", "0.5"), ("¼", "0.25"), ("¾", "0.75")):
        copy = copy.replace(mark, words)
    return _JOINED.sub("\u2013", copy)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What is left of a word without its endings, one for words of the same act."""
    low = word.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    folded = fold(low)
    if folded in _IRREGULAR:
        return _IRREGULAR[folded]
    return _SAME.get(low) or _SAME.get(folded) or _SAME_STEM.get(_cut(folded)) or _cut(folded)


def _cut(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            cut = word.removesuffix(ending)
            return cut[:-1] if len(cut) > 4 and cut[-1] == cut[-2] and cut[-1] not in "ls" else cut
    return word


_SAME_STEM = {_cut(fold(word)): first for word, first in _SAME.items()}
