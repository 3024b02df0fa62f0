"""Only what its licence opens is shown at length."""

from __future__ import annotations

import pytest

from consilium.adapters.sources.reuse import licence_in

CASES = [
    (None, "https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0", True),
    (None, "http://creativecommons.org/licenses/by/2.0", "CC BY 2.0", True),
    (None, "https://creativecommons.org/publicdomain/zero/1.0/", "CC0", True),
    (None, "https://creativecommons.org/publicdomain/mark/1.0/", "public domain", True),
    (None, "https://creativecommons.org/licenses/by-nc-nd/4.0/", "CC BY-NC-ND 4.0", False),
    (None, "https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0", False),
    (
        "This is distributed under the terms of the Creative Commons Attribution License, which permits",
        None,
        "CC BY",
        True,
    ),
    ("Under a Creative Commons Attribution-NonCommercial 4.0 International License", None, None, False),
    ("© 2020 The Authors. CC BY-NC 4.0.", None, "CC BY-NC 4.0", False),
    ("© 2020 The Authors. CC BY 4.0.", None, "CC BY 4.0", True),
    ("© 2020 The Authors. CC-BY", None, "CC BY", True),
    ("© 2020 The Authors. CC BY NC ND", None, "CC BY-NC-ND", False),
    (
        "Copyright 2020 Nobody. All rights reserved.",
        None,
        "Copyright 2020 Nobody. All rights reserved.",
        False,
    ),
    ("This work is in the public domain.", None, "public domain", True),
    ("No part of this is in the public domain.", None, None, False),
    (None, "https://example.org/terms", "https://example.org/terms", False),
    (None, None, None, False),
]


@pytest.mark.parametrize("text,url,licence,free", CASES)
def test_a_licence_is_named_and_opens_the_text_or_not(text, url, licence, free):
    named, shown = licence_in(text, url)
    assert shown is free
    assert licence is None or named == licence
