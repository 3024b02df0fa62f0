"""Word pieces as BERT's own tokeniser cuts them."""

from __future__ import annotations

import pytest

from consilium.adapters.embedding.wordpiece import WordPiece, words

PIECES = WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "head", "##ache", "##s", "head##", "a", "##a", "."])


@pytest.mark.parametrize(
    "text,cut",
    [
        ("Ménière's naïve", ["meniere", "'", "s", "naive"]),
        ("e\u0301a\u030a", ["ea"]),
        ("头痛 and 발", ["头", "痛", "and", "\u1107\u1161\u11af"]),
        ("soft\u00adhyphen zero\u200bwidth nul\x00 bell\x07 mark\ufeff lost\ufffd", ["softhyphen", "zerowidth", "nul", "bell", "mark", "lost"]),
        ("tab\tline\nreturn\rwide\u3000space\u00a0end", ["tab", "line", "return", "wide", "space", "end"]),
        ("$5 + 3^2 — ≥ µg", ["$", "5", "+", "3", "^", "2", "—", "≥", "µg"]),
        ("ΟΔΟΣ İstanbul", ["οδοσ", "istanbul"]),
        ("[SEP]", ["[", "sep", "]"]),
        ("\u0378", ["\u0378"]),
        (" \t ", []),
    ],
    ids=ascii,
)  # fmt: skip
def test_a_text_is_cleaned_unaccented_and_cut_at_marks(text, cut):
    assert words(text) == cut


def test_the_longest_piece_from_the_left_wins():
    assert PIECES.numbers("Headaches.", 10) == [2, 4, 5, 6, 10, 3]


def test_a_word_that_pieces_do_not_make_up_whole_is_unknown():
    assert PIECES.numbers("headx a", 10) == [2, 1, 8, 3]


def test_a_word_of_more_than_100_letters_is_unknown():
    assert PIECES.numbers("a" * 100, 200) == [2, 8, *[9] * 99, 3]
    assert PIECES.numbers("a" * 101, 200) == [2, 1, 3]


def test_a_long_text_is_cut_and_keeps_its_end_mark():
    assert PIECES.numbers("a " * 50, 5) == [2, 8, 8, 8, 3]
