"""What a page looks like when things go another way: failed, stopped, named, in disagreement, abroad."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, expect
from tests.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1", "::1"])]

CROUP = "Does dexamethasone help in croup?"
NAMED = "Mr John Smith, born 12/03/1950: does dexamethasone help in his croup?"
# Bodies in the starter records that advise differently on these.
DISPUTED = (
    "Which anticoagulant for atrial fibrillation?",
    "How many days before surgery should a DOAC be stopped?",
)
ARTICLE = re.compile(r"/articles/[0-9a-f-]{36}/(\?|#|$)")
WORD = "a long enough word"


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question", exact=True).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def sound(page: Page) -> None:
    """Nothing is wrong for axe and nothing sticks out, light and dark, wide and narrow."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            # Colours that are on their way to others would be measured halfway.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert faults.of_access(page) == []
        assert faults.of_width(page) == []
    assert faults.of_headings(page) == []


def test_a_run_that_fails_says_so_by_itself_and_can_be_asked_again(idle, broken_worker, opened):
    page = opened(f"{idle}/")
    ask(page, CROUP)
    waiting = page.url
    broken_worker()
    expect(page.get_by_role("alert")).to_contain_text("Something went wrong", timeout=30_000)
    expect(page.get_by_text("Something went wrong")).to_have_count(1)
    sound(page)
    page.get_by_role("button", name="Ask it again").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    assert page.url != waiting


def test_bodies_that_really_disagree_stand_side_by_side(site, opened):
    page = opened(f"{site}/")
    for question in DISPUTED:
        page.goto(f"{site}/")
        ask(page, question)
        page.wait_for_url(ARTICLE)
        if page.locator(".disagreements").count():
            break
    tables = page.locator(".disagreements table")
    assert tables.count() > 0, "no question over the starter records finds bodies that disagree"
    names = tables.first.locator("tbody th").all_inner_texts()
    assert len(set(names)) > 1
    sound(page)
    page.set_viewport_size({"width": 720, "height": 800})
    page.emulate_media(media="print")
    for table in tables.all():
        assert table.is_visible()
        assert table.evaluate("one => one.scrollWidth") <= 720


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_asker_sees_what_points_to_a_person_and_may_rephrase_or_go_on(site, opened, javascript):
    page = opened(f"{site}/", java_script_enabled=javascript)
    ask(page, NAMED)
    assert page.locator("mark").all_inner_texts() == ["Mr John Smith (name)", "12/03/1950 (date)"]
    if javascript:
        sound(page)
    page.get_by_role("button", name="Ask it as it is").click()
    page.wait_for_url(ARTICLE)
    expect(page.get_by_role("heading", level=1)).to_have_text(NAMED)
    page.goto(f"{site}/")
    ask(page, NAMED)
    ask(page, CROUP)
    page.wait_for_url(ARTICLE)
    expect(page.get_by_role("heading", level=1)).to_have_text(CROUP)


def test_an_article_without_guidance_of_the_chosen_country_says_so(site, opened):
    page = opened(f"{site}/")
    page.get_by_label("Where?").select_option("Canada")
    ask(page, DISPUTED[0])
    page.wait_for_url(ARTICLE)
    expect(page.locator(".abroad")).to_contain_text("No guidance of the place you chose (Canada) was found.")
    sound(page)
    page.goto(f"{site}/")
    expect(page.get_by_label("Where?")).to_have_value("Canada")


def test_what_is_ones_own_is_sound_at_every_width(site, opened):
    page = opened(f"{site}/accounts/signup/")
    page.get_by_label("Email").fill(f"{secrets.token_hex(8)}@example.org")
    page.get_by_label("Password", exact=True).fill(WORD)
    page.get_by_label("Password (again)").fill(WORD)
    page.get_by_role("button", name="Make the account").click()
    page.goto(f"{site}/")
    ask(page, NAMED)
    page.get_by_role("button", name="Ask it as it is").click()
    page.wait_for_url(ARTICLE)
    article = page.url
    page.get_by_label("Your follow-up question").fill("and prednisolone?")
    page.locator(".next").get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url(lambda url: bool(ARTICLE.search(url)) and url != article)
    page.goto(f"{site}/me/tokens/")
    page.get_by_label("Name: which program is it for?").fill("a program with a name that is rather long")
    page.get_by_role("button", name="Make the token").click()
    sound(page)
    for address in ("/me/tokens/", "/me/", "/me/delete", "/accounts/email/", "/api/v1/docs"):
        page.goto(f"{site}{address}")
        sound(page)
    for address in (f"{article}publish", f"{article.replace('articles', 'me/articles')}delete"):
        page.goto(address)
        sound(page)
