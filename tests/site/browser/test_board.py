"""The pages of the board in a browser: a second factor set up by keyboard and key, and what axe says of them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect
from tests.browser import faults
from tests.site.browser.conftest import environment, free_port, running

# The browser and the site are reached through sockets of this machine; no other host may be spoken to.
pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1", "::1"])]

WORD = "a long enough word"
SECOND_FACTOR = [
    "",
    "totp/activate/",
    "webauthn/",
    "webauthn/add/",
    "recovery-codes/",
    "recovery-codes/generate/",
]
PAGES = [
    "/board/people/",
    "/board/people/1/",
    "/me/notices/",
    *(f"/accounts/2fa/{page}" for page in SECOND_FACTOR),
]


@pytest.fixture(scope="module")
def board(stocked):
    """A site without a worker, at a name for which browsers lend security keys; the link of its operator."""
    folder, port = stocked("board"), free_port()
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command as call\n"
        "call('migrate', verbosity=0); call('collectstatic', interactive=False, verbosity=0)\n"
        "from consilium.site.accounts.joining import new_operator_link\n"
        "print(new_operator_link())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(folder), check=True, capture_output=True, text=True
    )
    path = "/" + done.stdout.strip().split("/", 3)[3]
    with running(folder, port, "-m", "consilium.site.web", "127.0.0.1", str(port)):
        yield f"http://localhost:{port}", path


@pytest.fixture(scope="module")
def first_visit() -> dict[str, object]:
    """What the browser of the operator keeps from the first test to the next."""
    return {}


def with_key(page: Page) -> None:
    """Plug a security key into the browser."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "isUserVerified": True}
    options = {**key, "hasUserVerification": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.fixture
def operator(board, opened, first_visit) -> Page:
    """The operator's browser: joined by the link, with a security key set up."""
    site, path = board
    if "kept" in first_visit:
        return opened(f"{site}/board/people/", storage_state=first_visit["kept"])
    page = opened(site + path)
    page.get_by_label("E-mail address").fill("olga@example.org")
    page.get_by_label("A password").fill(WORD)
    page.get_by_label("The same once more").fill(WORD)
    page.get_by_role("button", name="Make the account and join").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second factor")
    with_key(page)
    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Password").fill(WORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto(f"{site}/board/people/")
    first_visit["kept"] = page.context.storage_state()
    return page


def test_the_first_operator_joins_sets_up_a_key_and_reaches_the_board(operator, heard):
    expect(operator.get_by_role("heading", level=1)).to_have_text("People")
    expect(operator.get_by_role("cell", name="Operator").first).to_be_visible()
    assert heard == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_fault_on_the_pages_of_the_board(
    path, scheme, board, operator, first_visit, opened, heard
):
    page = opened(board[0] + path, storage_state=first_visit["kept"], color_scheme=scheme)
    assert page.url == board[0] + path
    assert faults.of_access(page) == []
    assert heard == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_the_board_scrolls_sideways_at_320_pixels(path, board, operator, first_visit, opened):
    page = opened(board[0] + path, storage_state=first_visit["kept"], width=320)
    assert faults.of_width(page) == []


def test_without_a_key_the_page_says_that_it_was_not_read(board, operator, first_visit, opened):
    page = opened(f"{board[0]}/accounts/2fa/webauthn/add/", storage_state=first_visit["kept"])
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('no key')) }")
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("alert")).to_contain_text("was not read")
