"""Test collections: every form that BEIR's folders have, and what is wrong with one told by its line."""

from __future__ import annotations

import gzip

import pytest
from tests.collection import DOCUMENTS, corpus, lines, write

from consilium.errors import MalformedCollection
from consilium.evaluation import beir
from consilium.evaluation.beir import Collection


def _documents(folder):
    return dict(beir.documents(Collection.of(folder).corpus))


def _topics(folder, *more):
    return beir.topics(Collection.of(folder, *more))


@pytest.mark.parametrize("packed", [True, False], ids=["gzipped", "plain"])
def test_a_document_is_its_title_and_text(tmp_path, packed):
    found = _documents(write(tmp_path / "c", packed=packed))
    assert list(found) == list(DOCUMENTS)
    assert found["d9"] == "Gout. Colchicine relieves gout; allopurinol prevents it."


def test_a_document_without_a_title_is_its_text(tmp_path):
    folder = write(tmp_path / "c", packed=False)
    (folder / "corpus.jsonl").write_text(
        lines([{"_id": "a", "text": "One."}, {"_id": 7, "title": None, "text": ""}])
    )
    assert _documents(folder) == {"a": "One.", "7": ""}


def test_a_query_has_the_documents_that_answer_it(tmp_path):
    found = _topics(write(tmp_path / "c"))
    assert {topic.id: topic.relevant for topic in found.asked}["q1"] == {"d1": 2, "d2": 1}


def test_what_is_judged_not_relevant_answers_nothing(tmp_path):
    found = _topics(write(tmp_path / "c", judged={"q1": {"d1": 0, "d3": -1}, "q2": {"d4": 1, "d3": 0}}))
    assert [(topic.id, topic.relevant) for topic in found.asked] == [("q2", {"d4": 1})]
    assert found.unanswered == 3


def test_judged_queries_that_are_not_there_are_counted(tmp_path):
    found = _topics(write(tmp_path / "c", judged={"q1": {"d1": 1}, "q8": {"d1": 1}, "q9": {"d1": 1}}))
    assert found.unasked == 2


def test_the_judgements_may_lie_in_a_folder_of_their_own(tmp_path):
    folder = write(tmp_path / "c")
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert len(_topics(folder).asked) == 4


def test_other_queries_bring_the_judgements_beside_them(tmp_path):
    folder = write(tmp_path / "c")
    (folder / "queries_train.jsonl.gz").write_bytes(
        gzip.compress(lines([{"_id": "t", "text": "Gout?"}]).encode())
    )
    (folder / "qrels_train.tsv").write_text("query-id\tcorpus-id\tscore\nt\td9\t1\n")
    assert [topic.id for topic in _topics(folder, "queries_train.jsonl.gz").asked] == ["t"]


def test_other_queries_without_their_own_are_judged_by_the_usual_ones(tmp_path):
    folder = write(tmp_path / "c")
    (folder / "queries_short.jsonl").write_text(lines([{"_id": "q4", "text": "scurvy"}]))
    assert [topic.text for topic in _topics(folder, folder / "queries_short.jsonl").asked] == ["scurvy"]


def test_a_table_without_a_head_loses_no_line(tmp_path):
    folder = write(tmp_path / "c")
    (folder / "qrels.tsv").write_text("q1\td1\t1\nq1\td2\t2\n")
    assert _topics(folder).asked[0].relevant == {"d1": 1, "d2": 2}


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_an_id(tmp_path):
    folder = write(tmp_path / "c")
    (folder / "qrels.tsv").write_bytes(b"\xef\xbb\xbfq1\td1\t1\r\nq2\td4\t1\r\n")
    assert [topic.id for topic in _topics(folder).asked] == ["q1", "q2"]


def test_half_a_character_does_not_reach_the_index(tmp_path):
    folder = write(tmp_path / "c", packed=False)
    (folder / "corpus.jsonl").write_text('{"_id": "a", "text": "half \\ud800 a character"}\n')
    assert _documents(folder) == {"a": "half ? a character"}


BROKEN = {
    "not JSON": ('{"_id": "a", "text": "x"}\n{"_id": ', "line 2 is not JSON"),
    "no object": ("[1]\n", "line 1 is no JSON object"),
    "no id": ('{"text": "x"}\n', "line 1 has no `_id`"),
    "an id with a tab": ('{"_id": "a\\tb", "text": "x"}\n', "line 1 has no `_id`"),
    "no text": ('{"_id": "a"}\n', "line 1 has no `text`"),
    "text that is none": ('\n{"_id": "a", "text": ["x"]}\n', "line 2 has no `text`"),
    "one id twice": (
        '{"_id": "a", "text": "x"}\n{"_id": "a", "text": "y"}\n',
        "the id a is there a second time",
    ),
    "nested without end": ("[" * 100_000 + "\n", "line 1 is not JSON"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_corpus_is_told_by_its_line(tmp_path, what):
    folder = write(tmp_path / "c", packed=False)
    text, told = BROKEN[what]
    (folder / "corpus.jsonl").write_text(text)
    with pytest.raises(MalformedCollection, match=told):
        _documents(folder)


def test_a_packed_file_that_is_cut_short_says_so(tmp_path):
    folder = write(tmp_path / "c")
    file = folder / "corpus.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(MalformedCollection, match=r"is cut short after line \d+; fetch it again"):
        _documents(folder)


def test_a_packed_file_that_is_damaged_says_so(tmp_path):
    folder = write(tmp_path / "c")
    file = folder / "corpus.jsonl.gz"
    content = bytearray(gzip.compress(corpus(DOCUMENTS).encode()))
    content[-6] ^= 0xFF  # of the check sum
    file.write_bytes(content)
    with pytest.raises(MalformedCollection, match="is damaged after line 12"):
        _documents(folder)


def test_a_file_that_is_no_text_says_so(tmp_path):
    folder = write(tmp_path / "c", packed=False)
    (folder / "corpus.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MalformedCollection, match="is no UTF-8 text"):
        _documents(folder)


@pytest.mark.parametrize("name", ["corpus.jsonl.gz", "queries.jsonl", "qrels.tsv"])
def test_a_folder_that_lacks_a_file_says_which(tmp_path, name):
    folder = write(tmp_path / "c")
    (folder / name).unlink()
    with pytest.raises(MalformedCollection, match=name.split(".")[0]):
        Collection.of(folder)


def test_an_empty_query_says_which(tmp_path):
    with pytest.raises(MalformedCollection, match="line 2: the query q2 is empty"):
        _topics(write(tmp_path / "c", asked={"q1": "Croup?", "q2": "  "}))


def test_queries_of_which_none_is_judged_cannot_be_measured(tmp_path):
    with pytest.raises(MalformedCollection, match="No query of"):
        _topics(write(tmp_path / "c", judged={"q9": {"d1": 1}}))


@pytest.mark.parametrize("line", ["q1\td1", "q1 d1 1", "q1\td1\tmuch"])
def test_a_line_that_is_no_judgement_is_told_by_its_number(tmp_path, line):
    folder = write(tmp_path / "c")
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{line}\n")
    with pytest.raises(MalformedCollection, match="line 2: a judgement is"):
        _topics(folder)


def test_two_judgements_of_one_pair_that_differ_are_refused(tmp_path):
    folder = write(tmp_path / "c")
    (folder / "qrels.tsv").write_text("q1\td1\t1\nq1\td1\t1\nq1\td1\t2\n")
    with pytest.raises(MalformedCollection, match="line 3: d1 was judged otherwise for q1"):
        _topics(folder)
