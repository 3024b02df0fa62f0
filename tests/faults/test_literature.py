"""Files made or damaged to harm: a clear message or a skipped record, never a traceback, never without end."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import literature as made

from consilium.adapters.sources import beir
from consilium.adapters.sources.jats import reading
from consilium.adapters.sources.medline import nbib, pubmed
from consilium.adapters.sources.readings import Deleted, Skipped
from consilium.adapters.sources.recognised import form_of
from consilium.errors import MalformedSource

PUBMED = made.pubmed(made.article(), made.article(pmid=2), "<DeleteCitation><PMID>5</PMID></DeleteCitation>")
BEIR = b'{"_id": "a", "title": "T", "text": "RESULTS: One. Two.", "metadata": {"pmid": "3", "year": 2020}}\n'
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FILES = {
    "pubmed": (pubmed.read, PUBMED),
    "nbib": (nbib.read, made.NBIB.encode()),
    "jats": (reading.read, made.JATS.encode()),
    "beir": (beir.read, BEIR * 3),
}


def test_declared_entities_are_refused(tmp_path):
    bomb = made.pubmed(made.article(title="&b;"), head=BOMB)
    with pytest.raises(MalformedSource, match="declares entities"):
        list(pubmed.read(made.written(tmp_path, "a.xml", bomb)))


def test_an_entity_from_elsewhere_reads_no_file(tmp_path):
    secret = made.written(tmp_path, "secret.txt", "secret")
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret}">]>'
    with pytest.raises(MalformedSource, match="declares entities"):
        list(pubmed.read(made.written(tmp_path, "a.xml", made.pubmed(made.article(title="&e;"), head=head))))


def test_an_entity_hidden_behind_a_long_comment_is_not_reached(tmp_path):
    head = f"<!--{'x' * 70_000}-->{BOMB}"
    with pytest.raises(MalformedSource):
        list(pubmed.read(made.written(tmp_path, "a.xml", made.pubmed(made.article(title="&b;"), head=head))))


def test_an_entity_that_nothing_declares_is_read_as_html_has_it(tmp_path):
    head = '<!DOCTYPE PubmedArticleSet SYSTEM "pubmed.dtd">'
    (work,) = pubmed.read(
        made.written(tmp_path, "a.xml", made.pubmed(made.article(title="The &beta; one"), head=head))
    )
    assert work["source"]["title"] == "The β one"


def test_what_unpacks_without_end_is_given_up(tmp_path):
    record = b"<PubmedArticle>" + b" " * 200_000 + b"</PubmedArticle>"
    path = made.written(tmp_path, "a.xml.gz", gzip.compress(b"<PubmedArticleSet>" + record * 400, 9))
    with pytest.raises(MalformedSource, match="unpacks to more than 200 times"):
        list(pubmed.read(path))


def test_what_holds_no_record_for_too_long_is_given_up(tmp_path):
    path = made.written(tmp_path, "a.xml.gz", gzip.compress(b"<PubmedArticleSet>" + b"<a>b</a>" * (4 << 20)))
    with pytest.raises(MalformedSource, match="24 MB without the end of a record"):
        list(pubmed.read(path))


@pytest.mark.parametrize("kind", FILES)
def test_a_file_cut_short_in_packing_is_a_fault(tmp_path, kind):
    read, data = FILES[kind]
    path = made.written(tmp_path, "a.gz", gzip.compress(data)[:-12])
    with pytest.raises(MalformedSource, match="cannot be unpacked"):
        list(read(path))


def test_xml_cut_short_yields_what_was_whole_and_then_the_fault(tmp_path):
    readings = pubmed.read(made.written(tmp_path, "a.xml", PUBMED[: len(PUBMED) - 400]))
    assert next(readings)["id"] == "pmid-1"
    with pytest.raises(MalformedSource, match="not well-formed XML, or not all of it"):
        list(readings)


def test_bytes_that_are_not_utf_8_are_a_fault(tmp_path):
    with pytest.raises(MalformedSource, match="not well-formed"):
        list(pubmed.read(made.written(tmp_path, "a.xml", PUBMED.replace(b"walking", b"wal\xff\xfeing"))))


def test_text_without_end_is_a_fault(tmp_path):
    giant = made.pubmed(made.article(title="x" * (11 << 20)))
    with pytest.raises(MalformedSource):
        list(pubmed.read(made.written(tmp_path, "a.xml", giant)))


def test_a_hundred_thousand_authors_are_six_and_others(tmp_path):
    people = "".join(made.PERSON.format(f"N{n}") for n in range(100_000))
    (work,) = pubmed.read(made.written(tmp_path, "a.xml", made.pubmed(made.article(authors=people))))
    assert work["source"]["authors"].endswith("N5 AB, et al.")


def test_elements_too_deep_in_each_other_are_a_fault(tmp_path):
    deep = made.JATS.replace("Pain fell by 2 points.", "<italic>" * 5000 + "x" + "</italic>" * 5000)
    with pytest.raises(MalformedSource):
        list(reading.read(made.written(tmp_path, "a.xml", deep)))


def test_a_line_without_end_is_skipped(tmp_path):
    path = made.written(tmp_path, "a.jsonl", b'{"_id": "' + b"x" * (33 << 20) + b'"}\n' + BEIR)
    first, second = beir.read(path)
    assert first == Skipped("a.jsonl, line 1", "it is longer than 32 MB")
    assert second["id"] == "pmid-3"


def test_a_file_of_another_kind_says_what_was_expected(tmp_path):
    with pytest.raises(MalformedSource, match="holds <html>, where <PubmedArticleSet> or"):
        list(pubmed.read(made.written(tmp_path, "a.xml", "<html></html>")))


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(MalformedSource, match="cannot be read: No such file"):
        list(pubmed.read(tmp_path / "none.xml"))


EDITS = st.lists(
    st.tuples(
        st.integers(0, 10_000), st.sampled_from(["cut", "put", "drop", "twice"]), st.binary(max_size=6)
    ),
    min_size=1,
    max_size=6,
)


def mutated(data: bytes, edits) -> bytes:
    for place, what, other in edits:
        at = place % (len(data) + 1)
        if what == "cut":
            data = data[:at]
        elif what == "put":
            data = data[:at] + other + data[at:]
        elif what == "drop":
            data = data[:at] + data[at + 1 + len(other) * 9 :]
        else:
            data = data[:at] + data[max(0, at - 60) : at] + data[at:]
    return data


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_no_damage_makes_a_reader_fall_over(tmp_path, kind, edits):
    read, data = FILES[kind]
    path = made.written(tmp_path, "damaged", mutated(data, edits))
    try:
        for found in read(path):
            assert isinstance(found, (Skipped, Deleted)) or found["sections"] is not None
            if isinstance(found, dict):
                for section in found["sections"]:
                    assert section["ends"][-1] == len(section["text"])
    except MalformedSource as fault:
        said = str(fault)
    else:
        said = str(path)
    assert str(path) in said


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=400) | st.builds(mutated, st.sampled_from([d for _, d in FILES.values()]), EDITS)
)
def test_no_file_makes_the_recogniser_fall_over(tmp_path, data):
    path = made.written(tmp_path, "any", data)
    try:
        said = f"--as {form_of(path)}"
    except MalformedSource as fault:
        said = str(fault)
    assert "--as" in said
