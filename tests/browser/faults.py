"""What can be wrong with a page in a browser: each check tells the faults that it finds."""

from __future__ import annotations

from itertools import pairwise

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

# The tags of axe-core for the success criteria of WCAG 2.2 at levels A and AA.
_WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# Without these a clean bill says little.
_JUDGED = {"color-contrast", "target-size", "link-name"}
_ON_PAPER = ".notice, .caution, .standing, h1, h2, .claim > p, .gloss, .entry, .plain li, td p, section > p"


def unfold(page: Page) -> None:
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")


def of_access(page: Page) -> list[str]:
    """What axe finds and what it cannot decide, with everything unfolded."""
    unfold(page)
    options = {"runOnly": _WCAG_22_AA, "resultTypes": ["violations", "incomplete"]}
    response = Axe().run(page, options=options).response
    found = response["violations"] + response["incomplete"]
    unjudged = _JUDGED - {rule["id"] for rule in response["passes"] + found}
    told = [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]
    return told + [f"{rule} was not judged" for rule in sorted(unjudged)]


def of_width(page: Page) -> list[str]:
    """What sticks out of the window, but for a table in a scroller of its own."""
    return page.evaluate("""() => {
        const room = document.documentElement.clientWidth;
        const scrolled = one => {
            const around = one.parentElement.closest(".scroll");
            return around && getComputedStyle(around).overflowX === "auto";
        };
        const out = [...document.querySelectorAll("body *")]
            .filter(one => one.getBoundingClientRect().right > room + 0.5 && !scrolled(one))
            .map(one => one.outerHTML.slice(0, 120));
        window.scrollTo(9999, 0);
        return window.scrollX ? [`scrolls by ${window.scrollX}px`, ...out] : out;
    }""")


def of_links(page: Page) -> list[str]:
    """Links into the page that lead to no place, or to more than one."""
    return page.eval_on_selector_all(
        'a[href^="#"]',
        """links => links.map(link => link.getAttribute("href"))
            .filter(href => document.querySelectorAll(`[id="${href.slice(1)}"]`).length !== 1)""",
    )


def of_headings(page: Page) -> list[str]:
    """Levels skipped on the way down, and any h1 but one at the top."""
    levels = page.eval_on_selector_all(
        "h1, h2, h3, h4, h5, h6",
        "all => all.filter(one => one.checkVisibility()).map(one => Number(one.tagName[1]))",
    )
    skipped = [f"h{above} to h{below}" for above, below in pairwise(levels) if below - above > 1]
    return skipped if levels[:1] == [1] and levels.count(1) == 1 else [f"levels {levels}", *skipped]


def of_keyboard(page: Page) -> list[str]:
    """Citations that Tab does not reach, and stops where nothing shows that one is there."""
    stops = page.locator("a[href], summary, [tabindex='0']").count()
    reached, unmarked = set(), []
    for _ in range(stops + 1):
        page.keyboard.press("Tab")
        here, outlined, citation = page.evaluate("""() => {
            const one = document.activeElement;
            const outlined = one === document.body || getComputedStyle(one).outlineStyle !== "none";
            const citation = [...document.querySelectorAll(".cite")].indexOf(one);
            return [one.outerHTML.slice(0, 120), outlined, citation];
        }""")
        reached.add(citation)
        unmarked += [] if outlined else [f"focus unseen on {here}"]
    missed = set(range(page.locator(".cite").count())) - reached
    return [f"citation {number + 1} not reached" for number in sorted(missed)] + unmarked


def tab_to(page: Page, wanted: Locator, most: int = 250) -> list[str]:
    """Press Tab until ``wanted`` has the focus; the stops on the way where nobody would see it."""
    unseen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate("""() => {
            const one = document.activeElement;
            const outlined = one === document.body || getComputedStyle(one).outlineStyle !== "none";
            const box = one.getClientRects()[0] || one.getBoundingClientRect();
            const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
            const top = document.elementFromPoint(x, y);
            const shown = one === document.body || (top && (one.contains(top) || top.contains(one)));
            return outlined && shown ? "" : one.outerHTML.slice(0, 120);
        }""")
        unseen += [here] if here else []
        if wanted.evaluate("one => one === document.activeElement"):
            return unseen
    return [*unseen, f"not reached in {most} stops: {wanted}"]


def of_paper(page: Page) -> list[str]:
    """Words of the article that paper does not show, or shows pale or on a tint."""
    page.emulate_media(media="print")
    return page.eval_on_selector_all(
        _ON_PAPER,
        """all => {
            const every = { contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true };
            const channels = colour => colour.match(/[\\d.]+/g).map(Number);
            const dark = colour => channels(colour).slice(0, 3).every(channel => channel <= 0x33);
            const white = colour => channels(colour)[3] === 0
                || channels(colour).slice(0, 3).every(channel => channel === 255);
            return all.filter(one => !one.closest(".why")).filter(one => {
                const style = getComputedStyle(one);
                return !one.checkVisibility(every) || one.getBoundingClientRect().height < 5
                    || !dark(style.color) || !white(style.backgroundColor);
            }).map(one => one.outerHTML.slice(0, 120));
        }""",
    )
