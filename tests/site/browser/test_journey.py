"""A whole way through the site by keyboard alone: wide, narrow, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1", "::1"])]

CROUP = "Does dexamethasone help in croup?"
ARTICLE = re.compile(r"/articles/[0-9a-f-]{36}/(\?|#|$)")


def press(page: Page, wanted, key: str = "Enter") -> None:
    """Go to a control by Tab, seeing every stop on the way, and press a key on it."""
    assert faults.tab_to(page, wanted) == []
    page.keyboard.press(key)


def write(page: Page, label: str, words: str) -> None:
    assert faults.tab_to(page, page.get_by_label(label, exact=True)) == []
    page.keyboard.type(words)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("width", [1280, 320])
def test_somebody_with_a_keyboard_alone_asks_reads_checks_switches_follows_up_and_reports(
    site, opened, heard, width, javascript
):
    page = opened(f"{site}/", width=width, java_script_enabled=javascript, reduced_motion="reduce")
    write(page, "Your question", CROUP)
    press(page, page.get_by_label("You are"), "s")
    press(page, page.get_by_role("button", name="Ask", exact=True))
    page.wait_for_url(ARTICLE)
    expect(page.locator(".audience [aria-current]")).to_have_text("Student")
    (read_in_the_panel if javascript else read_on_a_page)(page)
    press(page, page.get_by_role("link", name="Patient or carer"))
    expect(page.locator(".audience [aria-current]")).to_have_text("Patient or carer")
    assert faults.of_width(page) == []
    first = page.url.split("?")[0]
    write(page, "Your follow-up question", "and prednisolone?")
    press(page, page.locator(".next").get_by_role("button", name="Ask", exact=True))
    page.wait_for_url(lambda url: bool(ARTICLE.search(url)) and not url.startswith(first))
    expect(page.get_by_role("navigation", name="Questions before this one")).to_contain_text(CROUP)
    press(page, page.locator(".flag").first)
    page.wait_for_url("**/report")
    write(page, "What is wrong with it?", "The number is another one in the original.")
    press(page, page.get_by_role("button", name="Send to the editors"))
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    assert heard == []


def read_in_the_panel(page: Page) -> None:
    """Open the panel, read to its end, close it by its link and by Escape; the focus comes back."""
    cite = page.locator(".in_short .cite").first
    press(page, cite)
    panel = page.get_by_role("complementary", name="The sentence cited")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()
    last = panel.get_by_role("link").last
    assert faults.tab_to(page, last) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(cite).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(panel.get_by_role("link", name="Close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(cite).to_be_focused()


def read_on_a_page(page: Page) -> None:
    """Follow the citation and come back to the statement from which it was followed."""
    cite = page.locator(".in_short .cite").first
    press(page, cite)
    page.wait_for_url("**/sentences/**")
    press(page, page.get_by_role("link", name="Back to the article"))
    page.wait_for_url(ARTICLE)
    assert faults.tab_to(page, cite, most=1) == []


def test_a_stop_that_nobody_sees_is_found(site, opened):
    page = opened(f"{site}/")
    page.evaluate("document.querySelector('.home').style.outline = 'none'")
    assert faults.tab_to(page, page.get_by_label("Your question", exact=True)) != []


def test_a_control_that_no_key_reaches_is_found(site, opened):
    page = opened(f"{site}/")
    page.evaluate("document.querySelector('.ask .primary').tabIndex = -1")
    assert faults.tab_to(page, page.get_by_role("button", name="Ask", exact=True), most=40) != []
