"""Each check of a page finds the fault that was planted for it."""

from __future__ import annotations

import pytest
from tests.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1", "::1"])]

STYLES = {
    "pale words": (faults.of_access, "p { color: #bbb }"),
    "targets too small": (
        faults.of_access, ".go, .go a { display: block; min-height: 0; font-size: 6px; line-height: 1 }"
    ),
    "a word that does not break": (faults.of_width, "body { overflow-wrap: normal } h1 { font-size: 30rem }"),
    "a wide part": (faults.of_width, "main { min-width: 1500px }"),
    "words cut off": (faults.of_width, "html, body { overflow-x: clip } main { min-width: 1500px }"),
    "focus that is not seen": (faults.of_keyboard, ":focus-visible { outline: none }"),
    "no caution on paper": (faults.of_paper, "@media print { .caution { display: none } }"),
    "no references on paper": (faults.of_paper, "@media print { #references { visibility: hidden } }"),
    "claims unseen on paper": (faults.of_paper, "@media print { .claim { opacity: 0 } }"),
    "what is left out folded on paper": (
        faults.of_paper, "@media print { details::details-content { content-visibility: hidden !important } }"
    ),
    "pale paper": (faults.of_paper, "@media print { .note, .entry { color: #999 } }"),
    "tinted paper": (faults.of_paper, "@media print { .caution { background: #fdf5de } }"),
}  # fmt: skip
CHANGES = {
    "a link without a name": (faults.of_access, "cite.textContent = ''; cite.ariaLabel = null"),
    "a dead link": (faults.of_links, "cite.href = '#nowhere'"),
    "an id twice": (faults.of_links, "one('h1').id = cite.hash.slice(1)"),
    "no h1": (faults.of_headings, "one('h1').remove()"),
    "two h1": (faults.of_headings, "one('main').prepend(one('h1').cloneNode(true))"),
    "a level skipped": (faults.of_headings, "one('h2').outerHTML = '<h4>Skipped</h4>'"),
    "a citation out of reach": (faults.of_keyboard, "cite.tabIndex = -1"),
}
CHANGE = "() => {{ const one = name => document.querySelector(name), cite = one('.cite'); {}; }}"


@pytest.mark.parametrize("check, style", STYLES.values(), ids=STYLES)
def test_a_fault_of_style_is_found(shown, check, style):
    page = shown("clinician", width=768)
    page.add_style_tag(content=style)
    assert check(page) != []


@pytest.mark.parametrize("check, change", CHANGES.values(), ids=CHANGES)
def test_a_fault_of_structure_is_found(shown, check, change):
    page = shown("clinician")
    page.evaluate(CHANGE.format(change))
    assert check(page) != []


def test_a_page_that_would_fetch_something_is_heard(shown, heard):
    page = shown("abstention")
    page.evaluate("document.body.append(Object.assign(new Image(), { src: 'https://example.org/x.png' }))")
    page.wait_for_load_state("networkidle")
    assert heard != [page.url]
