"""The site in a browser: asked and read with and without JavaScript, at every width, by everybody."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser import faults

# The browser and the site are reached through sockets of this machine; no other host may be spoken to.
pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1", "::1"])]

FLAGSHIP = "What are the upper motor neuron (UMN) signs associated with back pain?"
CROUP = "Does dexamethasone help in croup?"
EMERGENCY = "back's killing me, legs gone numb since this morning and cant pee - what painkiller"
NONSENSE = "capital of France"
ARTICLE = re.compile(r"/articles/[0-9a-f-]{36}/")
TWICE_AS_LARGE = "document.documentElement.style.fontSize = '200%'"
MOST_BYTES = 80_000
CONTROLS = ("header.site nav", ".tools", ".next", ".audience", ".toc")

STILL = {
    "home": "/",
    "library": "/articles/",
    "library without a hit": "/articles/?q=zebrafish",
    "source": "/sources/nice-ng234/",
    "editorial policy": "/editorial-policy/",
    "disclaimer": "/disclaimer/",
    "accessibility": "/accessibility/",
    "about": "/about/",
    "login": "/accounts/login/",
    "signup": "/accounts/signup/",
    "own questions": "/me/",
    "nothing there": "/nothing-here/",
}
PUBLISHED = ["clinician", "student", "patient"]


def ask(page: Page, question: str) -> str:
    """Ask on the page's question box and wait for the article; its address."""
    page.get_by_label("Your question", exact=True).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url(ARTICLE)
    return page.url


def published(page: Page, site: str, question: str = FLAGSHIP) -> str:
    page.goto(f"{site}/articles/")
    return site + str(page.get_by_role("link", name=question).get_attribute("href"))


@pytest.fixture(params=[*STILL, *PUBLISHED, "passage", "report", "abstention", "emergency"])
def place(request, site, opened) -> tuple[str, Page]:
    """The address of every kind of page, and a browser that may see it."""
    page = opened(f"{site}/")
    name = request.param
    if name in STILL:
        return site + STILL[name], page
    if name in {"abstention", "emergency"}:
        return ask(page, NONSENSE if name == "abstention" else EMERGENCY), page
    article = published(page, site)
    if name in PUBLISHED:
        return f"{article}?for={name}", page
    page.goto(article)
    link = page.locator(".cite" if name == "passage" else ".flag").first
    return site + str(link.get_attribute("href")), page


def test_ask_read_check_switch_and_follow_up_with_javascript(site, opened, heard):
    page = opened(f"{site}/")
    ask(page, CROUP)
    expect(page.get_by_role("heading", level=1)).to_have_text(CROUP)
    cite = page.locator(".in_short .cite").first
    words = page.locator(".in_short .claim").first.inner_text()
    cite.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="The sentence cited")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()
    assert ARTICLE.search(page.url)
    assert "/sentences/" not in page.url
    assert panel.locator("mark").inner_text().strip(" .") in words
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(cite).to_be_focused()
    cite.click()
    panel.get_by_role("link", name="Close").click()
    expect(cite).to_be_focused()
    claims = page.locator(".claim").count()
    page.get_by_role("link", name="Patient or carer").click()
    expect(page.locator(".audience [aria-current]")).to_have_text("Patient or carer")
    assert page.locator(".claim").count() == claims
    page.goto(page.url.split("?")[0])
    expect(page.locator(".audience [aria-current]")).to_have_text("Patient or carer")
    first = page.url
    page.get_by_label("Your follow-up question").fill("and prednisolone?")
    page.locator(".next").get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url(lambda url: bool(ARTICLE.search(url)) and url != first)
    page.get_by_role("navigation", name="Questions before this one").get_by_role("link", name=CROUP).click()
    expect(page.get_by_role("heading", name="Asked after this")).to_be_visible()
    assert heard == []


def test_ask_read_check_switch_and_follow_up_without_javascript(site, opened, heard):
    page = opened(f"{site}/", java_script_enabled=False)
    ask(page, CROUP)
    cite = page.locator(".in_short .cite").first
    words = page.locator(".in_short .claim").first.inner_text()
    cite.click()
    assert "/sentences/" in page.url
    assert page.locator("mark").inner_text().strip(" .") in words
    page.get_by_role("link", name="Back to the article").click()
    page.get_by_role("link", name="Student", exact=True).click()
    expect(page.locator(".audience [aria-current]")).to_have_text("Student")
    first = page.url
    page.locator(".next .example").first.click()
    page.wait_for_url(lambda url: bool(ARTICLE.search(url)) and url.split("?")[0] != first.split("?")[0])
    expect(page.get_by_role("navigation", name="Questions before this one")).to_contain_text(CROUP)
    assert page.get_by_role("button", name="Print or PDF").count() == 0
    assert heard == []


def test_an_example_is_asked_with_one_press(site, opened):
    page = opened(f"{site}/")
    page.locator(".hero .example").first.press("Enter")
    page.wait_for_url(ARTICLE)
    expect(page.get_by_role("heading", level=1)).to_have_text(FLAGSHIP)


def test_a_question_that_cannot_be_read_comes_back_with_the_reason_beside_it(site, opened):
    page = opened(f"{site}/")
    page.get_by_label("Your question", exact=True).fill("???")
    page.get_by_role("button", name="Ask", exact=True).click()
    box = page.get_by_label("Your question", exact=True)
    expect(box).to_have_value("???")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description(re.compile("This was not asked yet. .+"))
    assert faults.of_access(page) == []


def test_another_country_is_asked_anew_under_the_same_question(site, opened):
    page = opened(f"{site}/")
    first = ask(page, CROUP)
    page.get_by_label("Guidance of this country first").select_option("Canada")
    page.get_by_role("button", name="Ask anew").click()
    page.wait_for_url(lambda url: bool(ARTICLE.search(url)) and url != first)
    expect(page.get_by_role("heading", level=1)).to_have_text(CROUP)
    expect(page.get_by_label("Guidance of this country first")).to_have_value("Canada")


def test_a_problem_with_a_sentence_can_be_reported(site, opened):
    page = opened(f"{site}/")
    page.goto(published(page, site))
    words = page.locator(".act_now .claim > p").first.inner_text()
    page.locator(".act_now .flag").first.click()
    quoted = page.locator("blockquote").inner_text()[:60]
    assert len(quoted) > 20
    assert quoted in " ".join(words.split())
    page.get_by_label("What is wrong with it?").fill("The number is another one in the original.")
    page.get_by_role("button", name="Send to the editors").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_question_that_waits_can_be_cancelled_and_asked_again(idle, opened, javascript):
    page = opened(f"{idle}/", java_script_enabled=javascript)
    page.get_by_label("Your question", exact=True).fill(CROUP)
    page.get_by_role("button", name="Ask", exact=True).click()
    waiting = page.url
    expect(page.locator(".stage")).to_have_count(1)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("You stopped this question.")).to_be_visible()
    page.get_by_role("button", name="Ask it again").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    assert page.url != waiting


def test_another_tab_sees_by_itself_that_a_question_was_cancelled(idle, opened, heard):
    page = opened(f"{idle}/")
    page.get_by_label("Your question", exact=True).fill(CROUP)
    page.get_by_role("button", name="Ask", exact=True).click()
    other = opened(page.url, like=page)
    expect(other.get_by_role("button", name="Cancel")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(other.get_by_text("You stopped this question.")).to_be_visible()
    assert heard == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_against_wcag_22_aa(place, opened, scheme):
    address, known = place
    assert faults.of_access(opened(address, like=known, color_scheme=scheme)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_while_a_question_waits_and_after_it_was_cancelled(idle, opened, scheme):
    page = opened(f"{idle}/", color_scheme=scheme)
    page.get_by_label("Your question", exact=True).fill(CROUP)
    page.get_by_role("button", name="Ask", exact=True).click()
    assert faults.of_access(page) == []
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".over")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert faults.of_access(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_fault_with_a_citation_open(site, opened, scheme, width):
    page = opened(f"{site}/", color_scheme=scheme, width=width)
    page.goto(published(page, site))
    page.locator(".in_short .cite").first.click()
    expect(page.locator("#panel h2")).to_be_focused()
    assert faults.of_access(page) == []


def test_axe_finds_the_fault_on_a_page_that_has_one(site, opened):
    page = opened(f"{site}/")
    page.evaluate("document.querySelector('.lede').style.color = '#ccc'")
    assert any(told.startswith("color-contrast") for told in faults.of_access(page))


def test_a_reader_is_told_that_the_network_is_gone_and_when_it_is_back(site, opened):
    page = opened(f"{site}/")
    told = page.locator("#offline")
    assert told.is_hidden()
    page.context.set_offline(True)
    told.wait_for(state="visible", timeout=5_000)
    page.context.set_offline(False)
    told.wait_for(state="hidden", timeout=5_000)


def test_nothing_scrolls_sideways_at_320_pixels_or_with_text_twice_as_large(place, opened):
    address, known = place
    page = opened(address, like=known, width=320)
    faults.unfold(page)
    assert faults.of_width(page) == []
    page.evaluate(TWICE_AS_LARGE)
    assert faults.of_width(page) == []


def test_a_page_that_is_too_wide_is_found(site, opened):
    page = opened(f"{site}/", width=320)
    page.evaluate("document.querySelector('h1').style.minWidth = '400px'")
    assert faults.of_width(page) != []


def test_no_page_asks_anybody_else_for_anything_or_breaks_its_policy(place, opened, heard):
    address, known = place
    page = opened(address, like=known)
    page.wait_for_load_state("networkidle")
    complaints = [told for told in heard if "404" not in told]
    assert complaints == []
    # A data block is not run.
    own = '[style], style, script:not([src]):not([type="application/ld+json"])'
    assert page.locator(own).count() == 0


def test_headings_and_links_into_the_page_are_in_order(place, opened):
    address, known = place
    page = opened(address, like=known)
    assert faults.of_headings(page) == []
    assert faults.of_links(page) == []


def test_every_citation_is_reached_by_tab_and_every_stop_is_seen(site, opened):
    page = opened(f"{site}/")
    page.goto(published(page, site, CROUP))
    assert page.locator(".cite").count() > 1
    assert faults.of_keyboard(page) == []


def test_paper_has_the_caution_the_claims_and_the_references_and_no_controls(site, opened):
    page = opened(f"{site}/", color_scheme="dark")
    page.goto(published(page, site))
    page.emulate_media(media="print", color_scheme="dark")
    for kept in (".caution", ".claim > p", ".entry", ".home img"):
        assert page.locator(kept).first.is_visible()
    for gone in CONTROLS:
        assert not page.locator(gone).first.is_visible()
        page.locator(gone).first.evaluate("one => one.remove()")
    assert faults.of_paper(page) == []


def test_the_largest_article_weighs_at_most_80_kilobytes(site, opened):
    page = opened(f"{site}/")
    address = published(page, site)
    bodies: dict[str, bytes] = {}
    page.on("response", lambda answer: bodies.setdefault(answer.url, answer.body()))
    page.goto(address, wait_until="networkidle")
    assert len(bodies) > 3
    assert sum(len(gzip.compress(body)) for body in bodies.values()) <= MOST_BYTES
