"""Guideline documents of every kind become works, with headings, places and what list items hang on."""

from __future__ import annotations

import io
import json

import pytest
from tests.papers import pdf_of

from consilium.adapters.sources.documents import about
from consilium.adapters.sources.documents.lines import blocks_of_pages
from consilium.adapters.sources.documents.reading import is_document, read
from consilium.adapters.sources.works import passages_of, sentences_of, source_of
from consilium.domain.grade import Strength
from consilium.domain.role import Role
from consilium.errors import MalformedSource

TOLD = {"title": "Croup in children", "organisation": "Example Hospital", "year": 2024}


@pytest.fixture
def work(tmp_path):
    """The work that a file of this name and content is."""

    def of(name, content, **told):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read(path, TOLD | told))[-1]

    return of


def lines(work):
    return [(s.heading, s.text) for s in sentences_of(work)]


# --- what is known of it ---------------------------------------------------------------------------------------


def test_a_side_car_tells_what_the_file_does_not(tmp_path):
    path = tmp_path / "croup.md"
    path.write_text("# Croup\n\nGive dexamethasone.")
    (tmp_path / "croup.md.about.yaml").write_text(
        "organisation: Example Hospital\nyear: 2024\nstatus: current\nstatus_basis: seen\nlanguage: en\n"
        "supersedes: [example-hospital-croup-2019]\nlicence: CC BY 4.0\n"
    )
    work = list(read(path))[-1]
    source = source_of(work, version=1, collection="local")
    assert (source.title, source.organisation, source.year) == ("Croup", ("Example Hospital",), 2024)
    assert (source.status.value, source.status_checked, source.language) == ("current", True, "eng")
    assert (source.supersedes, source.licence) == (("example-hospital-croup-2019",), "CC BY 4.0")


def test_what_is_told_is_stronger_than_the_side_car(tmp_path):
    path = tmp_path / "croup.txt"
    path.write_text("Give dexamethasone.")
    (tmp_path / "croup.txt.about.json").write_text(json.dumps(TOLD))
    assert list(read(path, {"year": 2025}))[-1]["source"]["year"] == 2025


def test_a_fault_says_what_to_give(tmp_path):
    path = tmp_path / "croup.txt"
    path.write_text("Give dexamethasone.")
    with pytest.raises(MalformedSource) as fault:
        list(read(path, {"title": "Croup"}))
    assert str(fault.value) == (
        "croup.txt: does not say organisation (who issued it) and year (the year of this edition). "
        "Give it with --organisation --year, or in a file croup.txt.about.yaml."
    )


@pytest.mark.parametrize(
    "told,message",
    [
        ({"yaer": 2024}, "'yaer' is not known"),
        ({"year": "last"}, "year must be a year in four digits"),
        ({"year": True}, "year must be a year in four digits"),
        ({"status": "fine"}, "status must be one of current, living"),
        ({"url": "javascript:alert(1)"}, "url must be an address"),
        ({"id": "Croup 2024"}, "id must be lower-case letters"),
        ({"topics": [{"a": 1}]}, "topics must be a list of words"),
        (["title"], "write lines such as"),
    ],
)
def test_a_wrong_fact_is_told_with_its_form(told, message):
    with pytest.raises(MalformedSource, match="side.yaml: " + message.replace("(", r"\(")):
        about.checked(told, "side.yaml")


def test_a_document_is_of_unknown_standing_unless_it_is_told(work):
    source = work("a.txt", "Give dexamethasone.")["source"]
    assert (source["status"], source["status_basis"], source["supersedes"]) == ("unknown", "assumed", [])


def test_the_id_is_found_again_from_issuer_title_and_year(work):
    assert (
        work("a.txt", "Rest.")["id"]
        == work("b.md", "Rest.")["id"]
        == "example-hospital-croup-in-children-2024"
    )


def test_a_year_is_taken_from_the_title_where_it_stands_there(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# Treatment guidelines 2022\n\nGive zinc.")
    assert list(read(path, {"organisation": "Example Hospital"}))[-1]["source"]["year"] == 2022


@pytest.mark.parametrize(
    "licence,quoted",
    [(None, True), ("CC BY 4.0", False), ("CC BY-NC-ND 4.0", True), ("CC0", False), ("ours", True)],
)
def test_only_an_open_licence_lets_more_than_single_sentences_be_shown(work, licence, quoted):
    assert work("a.txt", "Rest.", licence=licence)["quoted"] is quoted


# --- headings, passages, places --------------------------------------------------------------------------------


def test_headings_become_paths_without_the_title(work):
    made = work(
        "a.md", "# Croup in children\n\nCommon.\n\n## Treatment\n\n### Drugs\n\nGive dexamethasone.\n"
    )
    assert lines(made) == [(None, "Common."), ("Treatment > Drugs", "Give dexamethasone.")]


def test_references_and_contents_are_not_read(work):
    made = work(
        "a.md",
        "## Contents\n\n- Drugs 3\n\n## Drugs\n\nRest.\n\n## References\n\n### A\n\n1. Smith.\n\n## Care\n\nGo.",
    )
    assert lines(made) == [("Drugs", "Rest."), ("Care", "Go.")]


def test_a_passage_has_at_most_250_words_and_breaks_between_sentences(work):
    made = work("a.txt", " ".join(f"Sentence {n} has exactly six words." for n in range(200)))
    passages = passages_of(made).values()
    assert len(passages) == 5
    assert all(len(text.split()) <= 250 and text.endswith(".") for text in passages)


def test_methods_and_rationale_are_known_by_their_headings(work):
    made = work("a.md", "## Methods\n\nWe searched.\n\n## Rationale\n\nIt works.\n\n## Care\n\nIt is given.")
    assert [s.role for s in sentences_of(made)] == [Role.METHODS, Role.RATIONALE, Role.OTHER]


# --- what an item hangs on -------------------------------------------------------------------------------------


def test_a_list_of_alternatives_stays_with_its_lead_in(work):
    made = work("a.md", "Offer one of:\n\n- dexamethasone;\n- budesonide.\n")
    assert lines(made) == [(None, "Offer one of: dexamethasone; budesonide.")]


def test_conditions_are_never_parted(work):
    items = "".join(f"- sign number {n} of the many that there are\n" for n in range(9))
    made = work("a.md", f"Admit to hospital if any of the following:\n\n{items}")
    assert len(sentences_of(made)) == 1


def test_a_dose_keeps_its_drug(work):
    made = work(
        "a.md", "## Drug treatment\n\n- Cefuroxime\n  - Adult: 250 mg orally\n  - Child: 125 mg orally\n"
    )
    assert [text for _, text in lines(made)] == [
        "Cefuroxime: Adult: 250 mg orally",
        "Cefuroxime: Child: 125 mg orally",
    ]


def test_a_dose_in_the_same_list_as_its_drug_keeps_it_too(work):
    made = work(
        "a.txt", "TREATMENT\n• Amoxicillin\n• Adult: 500 mg orally\n• Child: 250 mg orally\n• Oxygen\n"
    )
    assert [text for _, text in lines(made)] == [
        "Amoxicillin: Adult: 500 mg orally",
        "Amoxicillin: Child: 250 mg orally",
        "Oxygen",
    ]


def test_a_dose_for_children_is_not_put_under_one_for_adults(work):
    made = work("a.md", "- Amoxicillin\n  - Child:\n  - 1 - 5 years: 125 mg\n  - Adult: 500 mg\n")
    assert [text for _, text in lines(made)] == [
        "Amoxicillin: Child: 1 - 5 years: 125 mg",
        "Amoxicillin: Adult: 500 mg",
    ]


def test_a_dose_that_hangs_on_the_sentence_before_it_is_given_no_other_lead_in(work):
    made = work(
        "a.md",
        "## Treatment\n\nRehydrate with:\n\n- saline. Watch.\n- Children: use zinc as a supplement every day\n- Under 6 months: 10 mg daily\n",
    )
    assert lines(made)[-1] == ("Treatment", "Under 6 months: 10 mg daily")
    assert sentences_of(made)[-1].role is not Role.RECOMMENDATION


def test_or_between_two_items_is_kept(work):
    made = work("a.txt", "TREATMENT\n• Ranitidine 150 mg orally\nOr:\n• Omeprazole 20 mg orally\n")
    assert lines(made)[-1] == ("TREATMENT", "Or: Omeprazole 20 mg orally")


# --- text and PDF ----------------------------------------------------------------------------------------------


def test_running_heads_and_page_numbers_are_left_out(work):
    pages = [["Croup guideline", text, f"Page {number} of 4"] for number, text in enumerate(
        ["Give dexamethasone.", "Give oxygen.", "Avoid sedatives.", "Review after two hours."], 1)]  # fmt: skip
    made = work("a.pdf", pdf_of(pages))
    assert [(s.locator, s.text) for s in sentences_of(made)] == [
        ("p. 1", "Give dexamethasone."),
        ("p. 2", "Give oxygen."),
        ("p. 3", "Avoid sedatives."),
        ("p. 4", "Review after two hours."),
    ]


def test_a_word_broken_at_the_end_of_a_line_is_mended():
    blocks = blocks_of_pages(
        ["Treatment with dexametha-\nsone is recommended in non-\nsevere croup."], numbered=False
    )
    assert [b.text for b in blocks] == ["Treatment with dexamethasone is recommended in non-severe croup."]


def test_a_sentence_goes_on_over_the_page(work):
    made = work("a.pdf", pdf_of([["Give dexamethasone to"], ["children with croup."]]))
    assert [(s.locator, s.text) for s in sentences_of(made)] == [
        ("p. 1", "Give dexamethasone to children with croup.")
    ]


def test_letters_beyond_latin_come_through(work):
    assert lines(work("a.pdf", pdf_of([["Give ≥ 5 μg of β-agonist."]]))) == [
        (None, "Give ≥ 5 μg of β-agonist.")
    ]


def test_the_title_of_a_pdf_is_its_own(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of([["Give oxygen."]], title="Croup 2024"))
    assert list(read(path, {"organisation": "Example Hospital"}))[-1]["source"]["title"] == "Croup 2024"


def test_a_numbered_recommendation_is_read_without_its_number(work):
    made = work(
        "a.txt", "1.1 Treatment\n\n1.1.1 Offer oxygen to every child.\n\n1.1.2 Do not offer sedatives.\n"
    )
    assert lines(made) == [
        ("1.1 Treatment", "Offer oxygen to every child."),
        ("1.1 Treatment", "Do not offer sedatives."),
    ]


# --- web pages, Markdown, Word ---------------------------------------------------------------------------------

PAGE = """<html lang="en"><head><title>Croup</title><script>steal()</script><style>p{}</style></head><body>
<nav>Home</nav><header>Banner</header><main><h1>Croup</h1><h2 id="care">Treatment</h2>
<p>Give <b>dexa</b>methasone.<script>evil()</script></p><p hidden>secret</p>
<table><tr><th>COR</th><th>LOE</th><th>Advice</th></tr><tr id="r1"><td>1</td><td>A</td>
<td>In children, dexamethasone is recommended.</td></tr></table></main><footer>foot</footer></body></html>"""


def test_a_web_page_is_read_without_scripts_and_navigation_and_with_its_anchors(work):
    first, second = sentences_of(work("a.html", PAGE))
    assert (first.heading, first.text, first.locator) == (
        "Croup > Treatment",
        "Give dexamethasone.",
        "#care",
    )
    assert (second.text, second.locator) == (
        "COR: 1 | LOE: A | In children, dexamethasone is recommended.", "#r1")  # fmt: skip
    assert (second.grade.strength, second.grade.native) == (Strength.STRONG, "COR: 1 | LOE: A")


def test_two_lists_that_follow_one_another_are_two(work):
    made = work("a.html", "<p>Offer one of:</p><ul><li>a drug</li></ul><ul><li>Give oxygen.</li></ul>")
    assert [text for _, text in lines(made)] == ["Offer one of: a drug.", "Give oxygen."]


def test_markdown_is_read_without_its_marks(work):
    made = work(
        "a.md", "Croup\n=====\n\n**Give** [oxygen](http://x.example) `now`.\n<!-- no --><b>Stop.</b>\n"
    )
    assert [text for _, text in lines(made)] == ["Give oxygen now.", "Stop."]


def test_the_anchor_of_a_markdown_heading_is_its_place(work):
    made = work("a.md", "## Drug treatment\n\nRest.\n\n## Drug treatment\n\nGo.")
    assert [s.locator for s in sentences_of(made)] == ["#drug-treatment", "#drug-treatment-1"]


def test_a_word_document_keeps_headings_lists_and_tables(work):
    docx = pytest.importorskip("docx")
    word = docx.Document()
    word.add_heading("Croup in children", 0)
    word.add_heading("Treatment", 1)
    word.add_paragraph("We recommend dexamethasone (strong recommendation, high-certainty evidence).")
    word.add_paragraph("Offer one of:")
    word.add_paragraph("dexamethasone", style="List Bullet")
    word.add_paragraph("budesonide", style="List Bullet")
    table = word.add_table(2, 2)
    for cell, text in zip(
        table._cells, ["Drug", "Dose", "Dexamethasone", "0.15 mg/kg orally once"], strict=True
    ):
        cell.text = text
    packed = io.BytesIO()
    word.save(packed)
    made = sentences_of(work("a.docx", packed.getvalue()))
    assert [(s.text, s.locator) for s in made] == [
        ("We recommend dexamethasone (strong recommendation, high-certainty evidence).", "para. 3"),
        ("Offer one of: dexamethasone; budesonide.", "para. 4"),
        ("Drug: Dexamethasone | Dose: 0.15 mg/kg orally once", "para. 6"),
    ]
    assert made[0].grade.strength is Strength.STRONG


def test_documents_are_known_by_their_names(tmp_path):
    names = ["a.PDF", "a.html", "a.md", "a.docx", "a.txt", "a.md.about.yaml", "a.xml", "a.doc"]
    assert [is_document(tmp_path / name) for name in names] == [True] * 5 + [False] * 3
