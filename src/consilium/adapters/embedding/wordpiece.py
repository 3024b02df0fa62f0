"""Cut a text into the word pieces of BERT's uncased vocabulary, exactly as its own tokeniser does.

Source: Devlin et al., BERT (2019), and the reference tokenisers of the published model. One thing
differs on purpose: "[SEP]" and its like, typed in a text, are punctuation and letters, never marks.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

_LONGEST = 100  # a longer word is unknown
_CJK = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})


class WordPiece:
    """Word pieces of one vocabulary, as numbers."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """``vocabulary``: the pieces in the order of their numbers."""
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._start, self._end, self._unknown = (self._numbers[m] for m in ("[CLS]", "[SEP]", "[UNK]"))
        self._of_word = lru_cache(maxsize=50_000)(self._pieces)

    @classmethod
    def read(cls, file: Path) -> WordPiece:
        """The tokeniser of a ``vocab.txt``."""
        return cls(file.read_text("utf-8").removesuffix("\n").split("\n"))

    def numbers(self, text: str, limit: int) -> list[int]:
        """The numbers of a text's pieces between the marks of start and end, at most ``limit``."""
        found: list[int] = []
        for word in words(text):
            found += self._of_word(word)
            if len(found) >= limit - 2:
                break
        return [self._start, *found[: limit - 2], self._end]

    def _pieces(self, word: str) -> tuple[int, ...]:
        """The longest pieces from the left; a word that they do not make up whole is unknown."""
        if len(word) > _LONGEST:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._numbers.get(mark + word[start:end])
                if number is not None:
                    break
            else:
                return (self._unknown,)
            found.append(number)
            start = end
        return tuple(found)


def words(text: str) -> list[str]:
    """The words of a text: cleaned, unaccented, in small letters; each mark a word of its own."""
    # Letter by letter: a small letter must not depend on its place, as that of Σ in a word does.
    return "".join(map(_plain, text)).split()


@lru_cache(maxsize=16_384)
def _plain(character: str) -> str:
    """What a character becomes: nothing, a space, or small letters; with spaces where it stands alone."""
    if character in "\t\n\r":
        return " "
    if character in "\0\ufffd" or unicodedata.category(character) in _HIDDEN:
        return ""
    if character.isspace():
        return " "
    bare = "".join(c for c in unicodedata.normalize("NFD", character) if unicodedata.category(c) != "Mn")
    plain = "".join(f" {c} " if _stands_alone(c) else c for c in bare.lower())
    return f" {plain} " if _is_ideograph(character) else plain


def _stands_alone(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")


def _is_ideograph(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _CJK)
