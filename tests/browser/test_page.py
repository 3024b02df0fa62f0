"""In a browser, everybody can read the page: at every width, by keyboard, on paper, and offline."""

from __future__ import annotations

import pytest
from tests.browser import faults

# The browser is driven through sockets of this machine; no other host may be spoken to.
pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1", "::1"])]

WIDTHS = (320, 390, 768, 1440)
A4 = 680
TWICE_AS_LARGE = "html { font-size: 200% }"
# What a reader may set by WCAG 2.2, success criterion 1.4.12, without losing anything.
SPACED = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }
"""
with_citations = pytest.mark.parametrize("case", ["clinician", "student", "patient", "disagreement"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_against_wcag_22_aa(shown, case, scheme):
    assert faults.of_access(shown(case, scheme=scheme)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_where_a_citation_has_led(shown, scheme):
    page = shown("clinician", scheme=scheme)
    page.locator(".cite").first.press("Enter")
    assert page.locator(":target").count() == 1
    assert faults.of_access(page) == []


def test_nothing_scrolls_sideways_folded_or_unfolded(shown, case):
    page = shown(case)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, faults.of_width(page)) == (width, [])
    faults.unfold(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, faults.of_width(page)) == (width, [])


@pytest.mark.parametrize("style", [TWICE_AS_LARGE, SPACED], ids=["twice as large", "spaced"])
def test_larger_or_spaced_text_scrolls_no_more(shown, case, style):
    page = shown(case, width=320)
    page.add_style_tag(content=style)
    faults.unfold(page)
    assert faults.of_width(page) == []


def test_every_link_into_the_page_leads_to_one_place(shown, case):
    page = shown(case)
    assert page.locator('a[href^="#"]').count() > 0
    assert faults.of_links(page) == []


def test_the_first_stop_of_tab_leads_past_the_head(shown, case):
    page = shown(case)
    page.keyboard.press("Tab")
    skip = page.locator(".skip:focus")
    assert skip.bounding_box()["x"] >= 0
    skip.press("Enter")
    assert page.locator("main:focus").count() == 1


@with_citations
def test_every_citation_is_reached_by_tab_and_every_stop_is_seen(shown, case):
    page = shown(case)
    assert page.locator(".cite").count() > 1
    assert faults.of_keyboard(page) == []


@with_citations
def test_a_citation_leads_by_keyboard_to_its_sentence_and_on_to_the_reference_of_its_number(shown, case):
    page = shown(case)
    for cite in page.locator(".cite").all():
        mark = cite.inner_text()
        cite.press("Enter")
        sentence = page.locator(":target")
        assert sentence.is_visible()
        assert mark in sentence.inner_text()
        page.keyboard.press("Tab")
        assert sentence.locator(":focus").count() == 1
        sentence.get_by_role("link", name=f"Reference {mark.strip('[]')}", exact=True).press("Enter")
        assert page.locator(".entry:focus").inner_text().startswith(mark)


def test_the_headings_go_down_in_order_under_one_h1(shown, case):
    assert faults.of_headings(shown(case)) == []


def test_the_page_asks_for_nothing_outside_itself(shown, case, heard):
    page = shown(case)
    faults.unfold(page)
    page.mouse.wheel(0, 100_000)
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_load_state("networkidle")
    assert heard == [page.url]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_keeps_the_words_in_black_on_white(shown, case, scheme):
    assert faults.of_paper(shown(case, scheme=scheme)) == []


@with_citations
def test_paper_has_the_caution_the_claims_and_the_references_within_its_edges(shown, case):
    page = shown(case, width=A4)
    page.emulate_media(media="print")
    for kept in (".caution", ".claim > p", ".entry"):
        assert page.locator(kept).count() > 0
        assert all(one.is_visible() for one in page.locator(kept).all())
    assert faults.of_width(page) == []


@pytest.mark.parametrize("case", ["emergency", "emergency above an article"])
def test_an_emergency_notice_is_in_sight_at_once(shown, case):
    notice = shown(case, width=320).get_by_role("alert")
    assert notice.is_visible()
    assert notice.bounding_box()["y"] < 100
