"""Dates in all the forms that records have them in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.adapters.sources.dates import date_of, dated, year_in

FORMS = [
    ("2000 Jun", "2000-06"), ("2000 Jun 15", "2000-06-15"), ("2000 Sep-Oct", "2000-09"), ("2000", "2000"),
    ("1998 Dec-1999 Jan", "1998-12"), ("1998 Dec 15-1999 Jan 5", "1998-12-15"), ("1990 Spring", "1990"),
    ("Spring 1990", "1990"), ("2000 2nd Quart", "2000"), ("1999-2000", "1999"), ("2001/02/03", "2001-02-03"),
    ("2001-02-03", "2001-02-03"), ("2016 May-Jun 3", "2016-05"), ("n.d.", None), ("", None), (None, None),
    ("12345", None), ("2000 Foo", "2000"), ("2000 13", "2000"),
]  # fmt: skip


@pytest.mark.parametrize("text,date", FORMS)
def test_a_date_goes_as_far_as_it_is_told(text, date):
    assert date_of(text) == date


@pytest.mark.parametrize(
    "parts,date",
    [
        (("2001", "Feb", "3"), "2001-02-03"), (("2001", "02", None), "2001-02"), (("2001", "Spring", "3"), "2001"),
        (("2001", "Feb", "32"), "2001-02"), (("MMI", "Feb", "3"), None), ((None, "Feb", "3"), None),
        (("²001", "²", "²"), None),
    ],
)  # fmt: skip
def test_parts_that_are_no_such_thing_are_left_out(parts, date):
    assert dated(*parts) == date


@given(st.text(st.sampled_from("0123456789 -/JanFebSpring²٣"), max_size=24))
def test_no_text_makes_a_date_that_is_none(text):
    date = date_of(text)
    assert date is None or re.fullmatch(r"\d{4}(-\d{2}){0,2}", date)
    assert date is None or 1500 <= (year_in(date) or 0) < 2100
