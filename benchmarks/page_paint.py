"""How an article paints in Chromium: first contentful paint, layout shift, bytes over the wire.

    python benchmarks/page_paint.py ADDRESS

ADDRESS is an article of a running site. The baseline is the same browser on an empty page, in
the same run.
"""

from __future__ import annotations

import shutil
import statistics
import sys

from playwright.sync_api import Browser, sync_playwright

_RUNS = 7
_WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) if (!e.hadRecentInput) window.shift += e.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_READ = """() => ({
  paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null,
  shift: window.shift,
  bytes: [performance.getEntriesByType("navigation")[0], ...performance.getEntriesByType("resource")]
    .reduce((sum, e) => sum + (e.transferSize || 0), 0),
})"""


def measured(browser: Browser, address: str) -> list[dict[str, float]]:
    """Paint in ms, layout shift and bytes of several visits, each with an empty cache."""
    rows = []
    for _ in range(_RUNS):
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.add_init_script(_WATCH)
        page.goto(address, wait_until="load")
        page.wait_for_timeout(300)
        rows.append(page.evaluate(_READ))
        page.context.close()
    return rows


def main() -> None:
    """Print the medians and the ratio to an empty page."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        empty = measured(browser, "data:text/html,<p>empty")
        article = measured(browser, sys.argv[1])
        browser.close()
    base = statistics.median(row["paint"] or 0 for row in empty)
    paint = statistics.median(row["paint"] for row in article)
    print(
        f"first contentful paint: {paint:.0f} ms, {paint / max(base, 1):.1f} x an empty page ({base:.0f} ms)"
    )
    print(f"layout shift: {max(row['shift'] for row in article):.4f}")
    print(f"over the wire: {max(row['bytes'] for row in article) / 1000:.1f} kB")


if __name__ == "__main__":
    main()
