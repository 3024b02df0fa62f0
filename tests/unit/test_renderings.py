"""Text, Markdown and HTML say the same thing, and nothing that the article does not say."""

from __future__ import annotations

import copy
import html
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from rich.cells import cell_len

from consilium.adapters.contract.invariants import places
from consilium.adapters.renderings import render
from consilium.adapters.renderings.outline import CAUTION, FOR_PATIENTS, outline
from consilium.adapters.renderings.parts import SHOWN, References, Statements

FORMS = ("text", "markdown", "html")
QUESTION = "what are the signs of cauda equina syndrome?"
HOSTILE = "<script>alert(1)</script> & *bold* [x](http://evil.test) | \x1b[31mred\u202e"
_VOID = {"meta", "br", "link", "img", "input", "hr"}


class PageReader(HTMLParser):
    """What a browser would make of a page: tags, ids, links, and whether tags nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.nested = True
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.nested &= bool(self.open) and self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def ids(self):
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    @property
    def links(self):
        return [attributes["href"] or "" for tag, attributes in self.tags if tag == "a"]


@pytest.fixture(scope="module")
def student(answered):
    return answered(QUESTION, "student")


@pytest.fixture
def article(student):
    return copy.deepcopy(student)


@pytest.fixture(scope="module")
def abstention(answered):
    return answered("capital of France", "patient")


def flat(written: str, form: str) -> str:
    """The words of a rendering, without layout and marks of markup."""
    if form == "html":
        written = " ".join(PageReader(written).words)
    if form == "markdown":
        written = html.unescape(re.sub(r"\\(.)", r"\1", written)).replace("**", "")
    return re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", written))


def first_claim(article):
    return article["content"]["claims"][article["content"]["in_short"][0]]


@pytest.mark.parametrize("form", FORMS)
def test_every_claim_stands_in_every_form_with_its_frame(article, form):
    words = flat(render(article, form), form)
    for name in places(article["content"]):
        claim = article["content"]["claims"][name]
        text = article["rendering"]["claims"][name]["text"]
        expected = text if claim["support"] == "inferred" else f"{claim['frame']}: {text}"
        assert expected in words


@pytest.mark.parametrize("form", FORMS)
def test_every_reference_is_listed_and_its_currency_told(article, form):
    words = flat(render(article, form), form)
    for reference in article["content"]["references"]:
        assert " ".join(reference["text"].split()) in words
    assert "currency not checked" in words
    assert "edition not checked" in words
    assert article["content"]["assessment"]["summary"] in words
    assert article["content"]["disclaimer"] in words


@pytest.mark.parametrize("form", FORMS)
def test_the_parts_come_in_the_order_of_the_rendering(article, form):
    article["rendering"]["order"] = ["in_short", "references", "act_now", "how_sure", "guidelines"]
    words = flat(render(article, form), form).lower()
    heads = ["in short", "references", "act now", "how sure", "from the guidelines", "from the research"]
    found = [part.title.lower() for part in outline(article).parts]
    assert found[: len(heads)] == heads
    last = words.index("professional disclaimer")
    assert all(words.index(head) < last for head in heads)


def test_a_part_that_the_order_forgets_is_not_lost(article):
    article["rendering"]["order"] = ["in_short"]
    assert {"act_now", "guidelines", "references"} <= {part.id for part in outline(article).parts}


def test_an_article_without_a_rendering_is_printed_from_its_claims(article):
    article["rendering"] = None
    assert first_claim(article)["text"] in flat(render(article, "text"), "text")


@pytest.mark.parametrize("form", FORMS)
def test_an_inference_names_the_references_of_its_premises(article, form):
    inferred = [c for c in article["content"]["claims"].values() if c["support"] == "inferred"]
    assert inferred
    words = flat(render(article, form), form)
    assert "stated by none of them" not in words
    assert re.search(r"Reasoned by Consilium from \[\d+\] and \[\d+\], stated by neither: ", words)


@pytest.mark.parametrize("form", FORMS)
def test_the_caution_stands_until_these_very_words_are_approved(article, form):
    assert CAUTION in flat(render(article, form), form)
    assert "Submitted, not reviewed" in flat(render(article, form), form)
    article["review"] = {
        "status": "approved", "reviewed_by": "A Reviewer", "reviewed_on": "2026-01-02", "why": None,
        "covers": [article["id"], article["rendering"]["id"]],
    }  # fmt: skip
    words = flat(render(article, form), form)
    assert CAUTION not in words
    assert "Approved by A Reviewer on 2026-01-02" in words
    article["review"]["covers"] = [article["id"]]
    assert CAUTION in flat(render(article, form), form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", ["under_review", "changes_requested", "needs_re_review", "withdrawn"])
def test_no_other_standing_lifts_the_caution(article, form, status):
    article["review"] = {
        "status": status, "reviewed_by": None, "reviewed_on": None, "covers": [], "why": "New edition",
    }  # fmt: skip
    words = flat(render(article, form), form)
    assert CAUTION in words
    assert "New edition" in words


@pytest.mark.parametrize("form", FORMS)
def test_an_urgent_notice_stands_above_everything(article, form):
    article["run"]["urgent_notice"] = "Call your local number now."
    body = render(article, form).split("<body>")[-1]
    assert body.index("Call your local") < body.index(article["content"]["title"])


def test_the_grade_is_the_issuers_for_professionals_and_plain_words_for_patients(answered, article):
    assert "[issuer's grade: Usually Appropriate]" in flat(render(article, "text"), "text")
    patient = flat(render(answered(QUESTION, "patient"), "text"), "text")
    assert "issuer's grade" not in patient
    assert "How strongly: " in patient
    assert FOR_PATIENTS in patient


def test_conditions_stay_with_their_claim(article):
    first_claim(article)["qualifiers"] = ["only if: a", "only if: b", "not if: c"]
    for form in FORMS:
        assert "Only if: a; b. Not if: c" in flat(render(article, form), form)


@pytest.mark.parametrize(
    "status, words",
    [
        ("superseded", "superseded edition"),
        ("expired", "lapsed by its issuer's rule"),
        ("withdrawn", "withdrawn"),
    ],
)
def test_a_stale_source_is_labelled_where_its_claim_is_printed(article, status, words):
    number = first_claim(article)["citations"][0]["reference"]
    article["content"]["references"][number - 1]["status"] = status
    for form in FORMS:
        assert f"[{number}]: {words}" in flat(render(article, form), form)


def test_glosses_are_printed_once_above_and_not_again_in_the_sections(article):
    page = outline(article)
    above = {*article["content"]["act_now"], *article["content"]["in_short"]}
    for part in page.parts:
        for block in part.blocks:
            for item in block.items if isinstance(block, Statements) else ():
                if part.id in {"guidelines", "research"} and item.claim in above:
                    assert item.glosses == ()
                else:
                    assert item.glosses


def test_only_a_sources_own_words_are_quoted(article):
    claim = first_claim(article)
    assert f"“{claim['text']}" not in flat(render(article, "text"), "text")
    claim["support"] = "quoted"
    claim["citations"][0]["sentences"][0]["origin"] = "verbatim"
    for form in FORMS:
        words = flat(render(article, form), form)
        assert f"“{claim['text']}”" in words
        assert "The source's words" in words


@pytest.mark.parametrize("form", FORMS)
def test_a_statement_in_other_words_than_its_sentence_says_whose_they_are(article, form):
    assert "worded by" not in flat(render(article, form), form).lower()
    first_claim(article).update(support="entailed", verifier="board")
    assert "worded by: board" in flat(render(article, form), form).lower()


@pytest.mark.parametrize("form", FORMS)
def test_a_cited_sentence_that_no_claim_prints_is_printed(article, form):
    sentence = first_claim(article)["citations"][0]["sentences"][0]
    sentence["text"] = "These words stand in the source alone."
    assert "These words stand in the source alone." in flat(render(article, form), form)


@pytest.mark.parametrize("form", FORMS)
def test_bodies_that_disagree_stand_side_by_side(article, form):
    one, other = list(article["content"]["claims"])[:2]
    article["content"]["disagreements"] = [
        {
            "about": "imaging",
            "positions": [
                {"claim": one, "body": "Body One", "jurisdiction": "UK", "year": 2021},
                {"claim": other, "body": "Body Two", "jurisdiction": None, "year": None},
            ],
        }
    ]
    words = flat(render(article, form, width=160), form)
    assert all(word in words for word in ("Body One", "Body Two", "How strong", "undated", "not stated"))
    assert "How strong: " in flat(render(article, "text", width=50), "text")


def test_what_is_left_out_is_listed_short_in_text_and_whole_in_html(article):
    excluded = article["run"]["excluded"]
    assert len(excluded) > 8
    last = excluded[-1]["title"]
    assert "more" in flat(render(article, "text"), "text")
    assert flat(render(article, "html"), "html").count(last) >= 1
    assert str(article["run"]["excluded_total"]) in render(article, "markdown")


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_every_short_form_names_as_many_sources_that_were_turned_away(article, form):
    titles = [f"Turned away {number:03}" for number in range(len(article["run"]["excluded"]))]
    for excluded, title in zip(article["run"]["excluded"], titles, strict=True):
        excluded["title"] = title
    words = flat(render(article, form, width=200), form)
    assert [title for title in titles if title in words] == titles[:SHOWN]


def test_gaps_and_follow_ups_are_told(article):
    article["content"]["gaps"] = ["Nothing on pregnancy was found."]
    article["run"]["follow_ups"] = ["How is it treated?"]
    for form in FORMS:
        words = flat(render(article, form), form)
        assert "Not found / does not apply" in words
        assert "Nothing on pregnancy was found." in words
        assert "How is it treated?" in words


@pytest.mark.parametrize("form", FORMS)
def test_an_abstention_says_why_and_how_to_widen(abstention, form):
    words = flat(render(abstention, form), form)
    content = abstention["content"]
    for told in (content["message"], *content["searched"], *content["widen"], content["disclaimer"]):
        assert told in words


@pytest.mark.parametrize("width", [20, 40, 72, 100])
def test_text_keeps_within_its_width_and_carries_no_escape(article, abstention, width):
    for answer in (article, abstention):
        written = render(answer, "text", width=width)
        assert max(cell_len(line) for line in written.splitlines()) <= width
        assert "\x1b" not in written


def test_colour_adds_escapes_and_no_words(article):
    coloured = render(article, "text", colour=True)
    assert "\x1b[" in coloured
    bare = [re.sub(r"\x1b\[[\d;]*m", "", line).rstrip() for line in coloured.splitlines()]
    assert bare == render(article, "text").splitlines()


def test_hostile_words_stay_words_in_every_form(article):
    article["content"]["title"] = HOSTILE
    article["run"]["excluded"][0]["title"] = HOSTILE
    article["content"]["references"][0]["url"] = "javascript:alert(1)"
    for form in FORMS:
        written = render(article, form)
        assert "\x1b" not in written
        assert "\u202e" not in written
        assert "javascript:" not in written
    page = render(article, "html")
    assert "<script" not in page
    assert "[x](http://evil.test)" in html.unescape(page)
    assert "<script" not in render(article, "markdown").replace("\\<", "")
    assert "[x](http" not in render(article, "markdown")


def test_the_page_nests_and_every_inner_link_leads_somewhere(article, abstention):
    for answer in (article, abstention):
        page = PageReader(render(answer, "html"))
        assert page.nested
        assert page.open == []
        assert len(page.ids) == len(set(page.ids))
        inner = {link[1:] for link in page.links if link.startswith("#")}
        assert inner <= set(page.ids)


def test_the_page_fetches_nothing_and_runs_nothing(article):
    page = PageReader(render(article, "html"))
    assert {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "form", "object"} == set()
    assert not any(name in attributes for _, attributes in page.tags for name in ("src", "srcset", "style"))
    assert "url(" not in render(article, "html")


def test_the_page_has_its_landmarks_one_h1_and_no_skipped_heading(article):
    page = PageReader(render(article, "html"))
    names = [tag for tag, _ in page.tags]
    assert [names.count(tag) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    levels = [int(tag[1]) for tag in names if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.links[0] == "#main"


def test_a_citation_leads_to_the_exact_sentence_with_its_origin(article):
    page = render(article, "html")
    name = article["content"]["in_short"][0]
    claim = article["content"]["claims"][name]
    number, sentence = claim["citations"][0]["reference"], claim["citations"][0]["sentences"][0]
    assert f'href="#in_short-1-{number}"' in page
    shown = page.split(f'id="in_short-1-{number}"')[1].split("</div>")[0]
    assert html.escape(sentence["text"]) in shown
    assert "Consilium's summary of" in html.unescape(shown)
    assert "checked against the source itself" in shown


def test_markdown_links_every_citation_to_an_anchor_of_the_list(article):
    written = render(article, "markdown")
    cited = set(re.findall(r"\]\(#ref-(\d+)\)", written))
    assert cited == set(re.findall(r'<a id="ref-(\d+)"></a>', written))
    assert cited == {str(r["number"]) for r in article["content"]["references"]}


@pytest.mark.parametrize("form", FORMS)
def test_rendering_is_deterministic_and_leaves_the_article_as_it_was(article, form):
    before = copy.deepcopy(article)
    assert render(article, form) == render(article, form)
    assert article == before


def test_references_keep_their_numbers(article):
    blocks = [b for part in outline(article).parts for b in part.blocks if isinstance(b, References)]
    numbers = [entry.number for entry in blocks[0].entries]
    assert numbers == list(range(1, len(numbers) + 1))


def test_an_unknown_form_is_refused_by_name(article):
    with pytest.raises(ValueError, match="'pdf'"):
        render(article, "pdf")
