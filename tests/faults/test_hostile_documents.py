"""Documents that are damaged, hostile or empty: each a reason that a librarian understands, and nothing else."""

from __future__ import annotations

import io
import sys
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.papers import bomb, encrypted, pdf_of, pictures

from consilium.adapters.sources.documents import pdf
from consilium.adapters.sources.documents.blocks import Document
from consilium.adapters.sources.documents.html import read_html
from consilium.adapters.sources.documents.lines import blocks_of_pages
from consilium.adapters.sources.documents.markdown import read_markdown
from consilium.adapters.sources.documents.reading import read, work_of
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.works import is_work, sentences_of
from consilium.errors import ConfigurationError, MalformedSource

TOLD = {"title": "Croup", "organisation": ["Example Hospital"], "year": 2024}


@pytest.fixture
def reading(tmp_path):
    """What reading a file of this name and content yields."""

    def of(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read(path, TOLD))

    return of


@pytest.fixture
def reason(reading):
    """Why a file of this name and content is refused."""

    def of(name, content):
        with pytest.raises(MalformedSource) as fault:
            reading(name, content)
        return str(fault.value)

    return of


# --- PDF -------------------------------------------------------------------------------------------------------


def test_a_pdf_of_pictures_only_says_that_text_is_missing(reason):
    assert reason("a.pdf", pictures(3)).startswith(
        "a.pdf: no text was found on any of its 3 pages: they are pictures"
    )


def test_pages_that_are_pictures_are_named_and_the_others_read(reading):
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    for part in (pdf_of([["Give oxygen."]]), pictures(2), pdf_of([["Rest."]]), pictures(1)):
        writer.append(io.BytesIO(part))
    out = io.BytesIO()
    writer.write(out)
    skipped, work = reading("a.pdf", out.getvalue())
    assert skipped == Skipped("a.pdf, pp. 2-3, 5", "a picture without text; nothing was taken from there.")
    assert [(s.locator, s.text) for s in sentences_of(work)] == [("p. 1", "Give oxygen."), ("p. 4", "Rest.")]


def test_an_encrypted_pdf_says_so(reason):
    assert "it is encrypted and asks for a password" in reason("a.pdf", encrypted("secret"))


def test_a_pdf_that_only_its_owner_may_change_is_read(reading):
    assert is_work(reading("a.pdf", encrypted(""))[-1])


def test_a_pdf_of_ten_thousand_pages_is_refused(reason):
    assert "it has 10000 pages, more than are read at once" in reason("a.pdf", pictures(10_000))


def test_a_stream_that_unpacks_without_end_is_not_unpacked(reason):
    began = time.monotonic()
    assert "damaged or too large" in reason("a.pdf", bomb())
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n%%EOF", pdf_of([["a b c"]] * 5)[:900]])
def test_what_is_no_pdf_is_told(reason, content):
    assert "a.pdf: it is damaged or no PDF" in reason("a.pdf", content)


def test_a_script_in_a_pdf_is_never_text(reading):
    work = reading("a.pdf", pdf_of([["Give oxygen."]], script="app.alert"))[-1]
    assert [s.text for s in sentences_of(work)] == ["Give oxygen."]


def test_a_pdf_that_takes_too_long_is_given_up(reason, monkeypatch):
    monkeypatch.setattr(pdf, "WALL_SECONDS", 0.01)
    assert "reading it took too long" in reason("a.pdf", pdf_of([["Give oxygen."]]))


def test_a_pdf_that_takes_too_much_time_of_the_machine_is_given_up(reason, monkeypatch):
    monkeypatch.setattr(pdf, "CPU_SECONDS", 1)
    pages = [[f"Give oxygen to child number {n} of very many." for n in range(60)]] * 1500
    assert "reading it took too long" in reason("a.pdf", pdf_of(pages))


def test_a_pdf_that_takes_too_much_memory_is_given_up(reason, monkeypatch):
    monkeypatch.setattr(pdf, "MEMORY", 16 << 20)
    assert "takes more memory than is allowed" in reason("a.pdf", pdf_of([["Give oxygen."]]))


def test_without_the_extra_a_message_says_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / "a.html"
    path.write_text("<p>Rest.</p>")
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'consilium\[docs\]'"):
        list(read(path, TOLD))


# --- Word ------------------------------------------------------------------------------------------------------


def _packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def _word(text, relations=""):
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    )
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    root = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kinds}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    inner = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{relations}</Relationships>"
    )
    body = (
        '<?xml version="1.0"?>' + text
        if text.startswith("<!")
        else '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    )
    return _packed({
        "[Content_Types].xml": types, "_rels/.rels": root, "word/document.xml": body,
        "word/_rels/document.xml.rels": inner,
    })  # fmt: skip


def test_a_word_file_that_unpacks_to_far_more_is_not_opened(reason):
    content = _packed({"word/document.xml": b" " * (300 << 20)})
    assert len(content) < 1 << 20
    assert reason("a.docx", content) == (
        "a.docx: unpacks to 300 MB, more than a document does; it was not opened."
    )


def test_a_word_file_of_very_many_parts_is_not_opened(reason):
    assert "more than a document does" in reason("a.docx", _packed({f"part{n}": b"" for n in range(6000)}))


@pytest.mark.parametrize("content", [b"", b"PK nothing", b"\xd0\xcf\x11\xe0 old Word", _packed({"a": b"b"})])
def test_what_is_no_word_file_is_told(reason, content):
    assert "save it again as .docx" in reason("a.docx", content)


def test_an_outside_picture_of_a_word_file_is_not_fetched(reading):
    relation = (
        '<Relationship Id="r9" TargetMode="External" Target="http://evil.example/p.png" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    )
    work = reading("a.docx", _word("Give oxygen.", relation))[
        -1
    ]  # sockets are off in tests: a fetch would fail
    assert [s.text for s in sentences_of(work)] == ["Give oxygen."]


def test_entities_of_a_word_file_are_not_expanded(reading, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    text = (
        f'<!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>Give oxygen.</w:t></w:r></w:p><w:p><w:r><w:t>A &x; B</w:t></w:r></w:p></w:body></w:document>"
    )
    assert "SECRET" not in str(reading("a.docx", _word(text)))


# --- text, Markdown, web pages, side-cars ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name,content,message",
    [
        ("a.txt", b"Caf\xe9", "not UTF-8 text (byte 4). Save it as UTF-8"),
        ("a.md", b"\xff\xfe\x00", "not UTF-8 text"),
        ("a.txt", b"  \n ", "no text was found in it"),
        ("a.html", b"", "no text was found in it"),
        ("a.html", b"<script>x()</script>", "no text was found in it"),
        ("a.md", b"## References\n\n1. Smith", "only references, contents and the like"),
    ],
)
def test_a_file_without_text_says_so(reason, name, content, message):
    assert message in reason(name, content)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(MalformedSource, match=r"a\.txt: cannot be opened"):
        list(read(tmp_path / "a.txt", TOLD))


def test_a_side_car_of_nested_aliases_is_refused_at_once(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Rest.")
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    (tmp_path / "a.txt.about.yaml").write_text(f"l0: &l0 [x]\n{levels}\ntitle: *l29\n")
    with pytest.raises(MalformedSource, match="'l0' is not known"):
        list(read(path, TOLD))


def test_a_side_car_that_is_no_yaml_says_where(tmp_path):
    (tmp_path / "a.txt").write_text("Rest.")
    (tmp_path / "a.txt.about.yaml").write_text("title: Croup\nyear: [2024\n")
    with pytest.raises(MalformedSource, match=r"a\.txt\.about\.yaml: not YAML that can be read at line 3"):
        list(read(tmp_path / "a.txt", TOLD))


@pytest.mark.parametrize(
    "name,content",
    [
        ("a.html", "<div>" * 20_000 + "Give oxygen."),
        ("a.html", "<ul><li>" * 5_000 + "Give oxygen."),
        ("a.html", "<p>" + "&amp;" * 100_000),
        ("a.html", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p>Give &b; oxygen.</p>'),
        ("a.md", "> " * 50_000 + "Give oxygen."),
        ("a.md", "[" * 50_000 + "Give oxygen."),
        ("a.md", "*" * 100_000 + "x"),
        ("a.md", "".join(" " * n + "- x\n" for n in range(1_000))),
        ("a.md", "<!--" * 50_000),
        ("a.md", "`a" * 50_000),
        ("a.txt", "(" * 100_000),
        ("a.txt", "Give " * 200_000),
        ("a.txt", "• x\n" * 50_000),
        ("a.txt", "1." * 50_000),
        ("a.txt", "if all of the following: " * 5_000),
    ],
)  # fmt: skip
def test_a_document_made_to_choke_a_reader_is_read_or_refused_in_seconds(reading, name, content):
    began = time.monotonic()
    try:
        reading(name, content)
    except MalformedSource as fault:
        assert name in str(fault)  # noqa: PT017 - either outcome is right
    assert time.monotonic() - began < 20


# --- whatever comes --------------------------------------------------------------------------------------------

SHAPES = st.sampled_from(
    ["# ", "• ", "- ", "  - ", "1. ", "| a | b |\n", "\n\n", "Or:\n", "TREATMENT\n", "Give ", "<p>", "</ul>", "<li>", "<table>",
     "<tr><td>", "&#0;", "<!--", "```", "Adult: 5 mg", "(strong;", "COR: 1 | ", ". ", "\u2028", "\x00", "\ud7ff", "[x](y)"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(SHAPES, st.text(max_size=12)), max_size=40).map("".join)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def _sound(document):
    try:
        work = work_of(document, TOLD, "a")
    except MalformedSource:
        return
    for section in work["sections"]:
        ends = section["ends"]
        assert ends == sorted(ends)
        assert ends[-1] == len(section["text"])
        assert all(int(number) < len(ends) for number in section.get("advice", {}))
    assert all(sentence.text for sentence in sentences_of(work))


@FUZZ
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_any_text_of_pages_makes_a_sound_work(pages):
    _sound(Document(tuple(blocks_of_pages(pages, numbered=True))))


@FUZZ
@given(TEXTS)
def test_any_markdown_makes_a_sound_work(text):
    _sound(read_markdown(text))


@FUZZ
@given(st.one_of(TEXTS.map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=200)))
def test_any_web_page_makes_a_sound_work_or_is_refused(data):
    try:
        document = read_html(data, "a.html")
    except MalformedSource:
        return
    _sound(document)
