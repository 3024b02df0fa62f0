"""The board in a browser: claim by claim by keyboard, an edit, a second person's approval, and its end."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLate
from tests.browser import faults
from tests.site.browser.conftest import CONSILIUM, environment, free_port, running

# The browser and the site are reached through sockets of this machine; no other host may be spoken to.
pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1", "::1"])]

QUESTION = "Acute low back pain: is an X-ray needed?"
STARTER = Path(__file__).resolve().parents[3] / "data" / "starter"
SignedIn = Callable[[str], Page]


@pytest.fixture(scope="module")
def folder(stocked) -> Path:
    return stocked("review")


@pytest.fixture(scope="module")
def site(folder):
    """The whole site with its worker, answers and the invented board of the demonstration."""
    port = free_port()
    with running(folder, port, "-c", CONSILIUM, "serve", "--demo", "--port", str(port)) as address:
        yield address


@pytest.fixture
def signed_in(site, folder, opened) -> SignedIn:
    word = re.search(r"the password of all is (\S+)", (folder / "log").read_text("utf-8"))

    def sign_in(name: str) -> Page:
        assert word
        page = opened(f"{site}/accounts/login/?next=/board/")
        page.locator("[name=login]").fill(f"{name}@demo.invalid")
        page.locator("[name=password]").fill(word.group(1))
        page.locator("main form button").last.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The board’s queue")
        return page

    return sign_in


def ready(page: Page) -> None:
    """Wait until the keys of the desk do something."""
    page.locator("[data-all]").wait_for(state="visible")


def read_every_statement(page: Page) -> tuple[int, int]:
    """Give every verdict by two keys.

    Returns:
        How many statements there were, and how many keys it took.
    """
    statements = keys = 0
    while re.search(r"/claims/", page.url):
        here = page.url
        ready(page)
        for key in ("a", "s"):
            page.keyboard.press(key)
            keys += 1
        try:
            page.wait_for_url(lambda url, here=here: url != here)
        except TooLate as fault:
            raise AssertionError(page.locator("main").inner_text()) from fault
        statements += 1
    return statements, keys


def path_of(page: Page) -> str:
    return page.url.split("/board/")[0] + "/articles/" + page.url.split("/articles/")[1].split("/")[0] + "/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_on_any_page_of_the_board(site, signed_in, scheme):
    editor = signed_in("editor")
    editor.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    editor.goto(f"{site}/board/?status=under_review")
    desk = editor.locator(".queue h2 a").first.get_attribute("href")
    editor.goto(f"{site}/board/?status=needs_re_review")
    edited = editor.locator(".queue h2 a").first.get_attribute("href")
    editor.goto(site + desk)
    claim = editor.locator(".lines a").first.get_attribute("href")
    for path in (
        "/board/",
        "/board/?status=withdrawn",
        "/board/me/",
        desk,
        claim,
        claim.replace("/claims/", "/edit/"),
        f"{desk}edit/",
        f"{desk}approve/",
        f"{edited}compare/1/2/",
        f"{edited}revisions/1/erase/",
        "/about/board/",
        "/quality/",
        "/corrections/",
    ):
        editor.goto(site + path)
        assert faults.of_access(editor) == [], path
        assert faults.of_width(editor) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_on_an_article_in_any_status_for_any_audience(site, opened, scheme):
    page = opened(f"{site}/articles/", color_scheme=scheme)
    links = [a.get_attribute("href") for a in page.locator(".articles a").all()]
    assert len(links) == 5
    told = set()
    for link in links:
        for audience in ("patient", "student", "clinician"):
            page.goto(f"{site}{link}?for={audience}")
            told.add(page.locator(".standing").inner_text().split(".")[0].split(" by ")[0])
            assert faults.of_access(page) == [], (link, audience)
    assert len(told) >= 4, told


def test_the_keys_rest_while_a_note_is_written(site, signed_in):
    reviewer = signed_in("reviewer")
    reviewer.goto(f"{site}/board/?status=under_review")
    reviewer.locator(".queue h2 a").first.click()
    reviewer.get_by_role("link", name="Read on").click()
    ready(reviewer)
    reviewer.keyboard.press("n")
    reviewer.keyboard.type("as is, reasons")
    expect(reviewer.get_by_label("Note")).to_have_value("as is, reasons")
    assert reviewer.locator("input[name=tick]:checked").count() == 0
    reviewer.keyboard.press("Escape")
    reviewer.keyboard.press("3")
    assert reviewer.locator("input[name=tick]:checked").count() == 1


@pytest.mark.alone
def test_from_the_queue_to_the_badge_and_to_its_end_when_a_source_is_retracted(
    site, folder, opened, signed_in
):
    editor = signed_in("editor")
    editor.get_by_role("link", name=QUESTION).click()
    editor.get_by_role("button", name="Take it for review").click()
    statements, keys = read_every_statement(editor)
    assert statements > 3
    assert keys <= 3 * statements
    address = path_of(editor)
    reader = opened(address)
    expect(reader.locator(".steps [aria-current]")).to_contain_text("Under review")

    editor.locator(".lines a").first.click()
    ready(editor)
    editor.keyboard.press("e")
    editor.get_by_text("Word it for patients").click()
    words = editor.get_by_label("For patients")
    words.fill(words.input_value() + " Ask your own team.")
    editor.get_by_label("What you do and why").fill("Plainer for patients.")
    editor.locator("details", has=words).get_by_role("button", name="Change this wording").click()
    expect(editor.locator(".message")).to_contain_text("A new revision was made.")
    editor.get_by_role("link", name="Compare with 1").click()
    expect(editor.locator("ins").first).to_contain_text("Ask your own team.")

    second = signed_in("second")
    second.get_by_role("link", name=QUESTION).click()
    second.get_by_role("link", name="Read on").click()
    read_every_statement(second)
    second.get_by_role("link", name="Approve …").click()
    for box in second.get_by_role("checkbox").all():
        box.check()
    second.get_by_role("button", name="Approve", exact=True).click()
    expect(second.locator(".message")).to_contain_text("Approved.")
    reader.reload()
    expect(reader.locator(".steps [aria-current]")).to_contain_text("Approved")
    expect(reader.locator(".standing")).to_contain_text("Dr Ben Sample (invented)")
    expect(reader.get_by_text("pending human review")).to_have_count(0)

    began = _retract_a_source(folder, address)
    while reader.locator(".why").count() == 0:
        assert time.monotonic() - began < 5, "the badge is still there after five seconds"
        reader.reload()
    expect(reader.locator(".why")).to_contain_text("was retracted")
    expect(reader.locator(".steps [aria-current]")).to_contain_text("Under review")
    expect(reader.locator(".standing")).not_to_contain_text("Approved by")
    feed = reader.request.get(f"{site}/feeds/changes.atom").text()
    assert "was retracted" in feed
    second.goto(f"{site}/me/notices/")
    expect(second.locator("main")).to_contain_text("Evidence changed")


def _retract_a_source(folder: Path, address: str) -> float:
    """Add the record of a cited source again, retracted; when the library had it."""
    import json
    import urllib.request

    with urllib.request.urlopen(f"{address}article.json", timeout=5) as answer:  # noqa: S310 - the site of this run
        document = json.loads(answer.read())
    source = document["content"]["references"][0]["source"]
    record = (STARTER / f"{source}.yaml").read_text("utf-8")
    changed = folder / f"{source}.yaml"
    changed.write_text(record.replace("retracted: null", "retracted: true"), "utf-8")
    call = [sys.executable, "-c", CONSILIUM, "library", "add", str(changed)]
    done = subprocess.run(call, env=environment(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return time.monotonic()
