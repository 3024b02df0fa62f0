"""The system's own Chromium, and the pages to open in it, each written once to a file."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from consilium.adapters.renderings import render

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGSHIP = "What are the upper motor neuron (UMN) signs associated with back pain?"
EMERGENCY = "back's killing me, legs gone numb since this morning and cant pee - what painkiller"
ASKED = {
    "clinician": (FLAGSHIP, "clinician"),
    "student": (FLAGSHIP, "student"),
    "patient": (FLAGSHIP, "patient"),
    "disagreement": (FLAGSHIP, "clinician"),
    "abstention": ("capital of France", "patient"),
    "emergency": (EMERGENCY, "patient"),
    "emergency above an article": (EMERGENCY, "clinician"),
}

Shown = Callable[..., Page]


@pytest.fixture(params=ASKED)
def case(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        yield browser
        browser.close()


def disagreeing(article: dict[str, Any]) -> dict[str, Any]:
    """The article with two bodies at odds: no question over the starter records finds such a pair."""
    article = copy.deepcopy(article)
    one, other = list(article["content"]["claims"])[:2]
    bodies = ("National Institute for Health and Care Excellence", "UK"), ("Another body", None)
    article["content"]["disagreements"] = [
        {
            "about": "imaging of the spine",
            "positions": [
                {"claim": claim, "body": body, "jurisdiction": country, "year": 2021}
                for claim, (body, country) in zip((one, other), bodies, strict=True)
            ],
        }
    ]
    return article


@pytest.fixture(scope="session")
def written(answered, tmp_path_factory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("pages")

    def write(case: str) -> Path:
        file = folder / f"{case}.html"
        if not file.exists():
            article = answered(*ASKED[case])
            article = disagreeing(article) if case == "disagreement" else article
            file.write_text(render(article, "html"), "utf-8")
        return file

    return write


@pytest.fixture
def heard() -> list[str]:
    """Every request of the pages shown, and every complaint of the browser."""
    return []


@pytest.fixture
def shown(chromium, written, heard) -> Iterator[Shown]:
    """Open the page of a case in a window of its own."""
    contexts = []

    def show(case: str, *, scheme: str = "light", width: int = 1280) -> Page:
        context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: heard.append(request.url))
        page.on("console", lambda message: heard.append(message.text))
        page.goto(written(case).as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
