"""MeSH is read as a stream, and widens the lexicon so that what ships always wins."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from tests.mesh import document, heading

from consilium.adapters.library.headings import About, Headings, put
from consilium.adapters.sources.mesh import MeshFile
from consilium.errors import LibraryError, MalformedSource
from consilium.lexicon import concepts
from consilium.lexicon.headings import Heading, Sense, Term, plainly, turned
from consilium.lexicon.recognise import read, read_question
from consilium.lexicon.widened import Widened, widened

SHIPPED = concepts.load()
FIXTURE = Path(__file__).parents[3] / "shared/data/fixtures/mesh_desc_subset.xml"


@pytest.fixture
def written(tmp_path):
    def write(*headings, **more):
        path = tmp_path / "desc.xml"
        path.write_text(document(*headings, **more), "utf-8")
        return path

    return write


@pytest.fixture
def wider(written, tmp_path):
    """The lexicon that ships, widened by these headings."""

    def widen(*headings) -> Widened:
        file = MeshFile(written(*headings))
        about = About("desc.xml", file.digest(), None, "2026-01-01")
        found = Headings(put(tmp_path / "mesh", file, SHIPPED, lambda: about))
        return widened(SHIPPED, found)

    return widen


def test_a_heading_is_read_with_its_own_meaning_first(written):
    file = MeshFile(
        written(
            heading(
                1,
                "Zymotic Fever",
                ("Fever, Zymotic", "NON", "Y"),
                ("Zymose", "TRD"),
                tree="C99.100 C99.200.300",
                narrower=[["Zymotic Fever, Cold"]],
                related=[["Zymotic Chill"]],
                actions=["D7"],
                registry="37H9VM9WZL",
            )
        )
    )
    assert list(file) == [
        Heading(
            "D1",
            "Zymotic Fever",
            ("C99.100", "C99.200.300"),
            ("D7",),
            (
                Sense("M100", (Term("Zymotic Fever"), Term("Zymose", "TRD")), substance=True),
                Sense("M101", (Term("Zymotic Fever, Cold"),), narrower=True),
                Sense("M151", (Term("Zymotic Chill"),)),
            ),
        )
    ]


def test_a_heading_is_the_same_after_it_was_kept(written):
    (one,) = MeshFile(written(heading(1, "Zymotic Fever", narrower=[["Cold Zymotic Fever"]])))
    assert Heading.from_list(one.to_list()) == one


@pytest.mark.skipif(not FIXTURE.exists(), reason="the shared MeSH subset is not here")
def test_a_real_file_that_breaks_off_is_refused_and_closed_up_gives_its_headings(tmp_path):
    with pytest.raises(MalformedSource, match="not all of it"):
        list(MeshFile(FIXTURE))
    whole = FIXTURE.read_text("utf-8")
    closed = tmp_path / "closed.xml"
    last = whole.rindex("</DescriptorRecord>")
    closed.write_text(whole[:last] + "</DescriptorRecord></DescriptorRecordSet>", "utf-8")
    file = MeshFile(closed)
    found = list(file)
    assert [one.name for one in found] == ["Calcimycin", "Temefos"]
    assert [one.kind for one in found] == ["drug", "drug"]
    assert found[0].actions == ("D000900", "D061207")
    assert file.year == 2015


@pytest.mark.parametrize(
    "name,schema,year",
    [
        ("desc2026.xml", "x.dtd", 2026),
        ("d.xml", "https://nlm.nih.gov/set_20250101.dtd", 2025),
        ("d", "x", None),
    ],
)
def test_the_year_is_told_by_the_name_of_the_file_or_of_its_schema(tmp_path, name, schema, year):
    path = tmp_path / name
    path.write_text(document(heading(1, "Zymotic Fever"), schema=schema), "utf-8")
    file = MeshFile(path)
    list(file)
    assert file.year == year


def test_a_packed_file_has_the_headings_and_the_digest_of_the_plain_one(written, tmp_path):
    plain = written(heading(1, "Zymotic Fever"))
    packed = tmp_path / "desc.xml.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(MeshFile(packed)) == list(MeshFile(plain))
    assert MeshFile(packed).digest() == MeshFile(plain).digest()


BOMB = """<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<DescriptorRecordSet>&b;</DescriptorRecordSet>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<DescriptorRecordSet>&a;</DescriptorRecordSet>"""
UNKNOWN = document(heading(1, "Zymotic Fever")).replace("Zymotic Fever", "Zymotic &fever;", 1)
BAD = {
    "another root": ("<Supplement><Record/></Supplement>", "outermost element is Supplement"),
    "no record": (document(), "no DescriptorRecord"),
    "broken off": (document(heading(1, "Zymotic Fever"))[:-60], "not all of it"),
    "no XML": ("id,name\n1,Fever\n", "not well-formed"),
    "empty": ("", "not all of it"),
    "entities": (BOMB, "declares or names the entity a"),
    "a file from elsewhere": (OUTSIDE, "declares or names the entity a"),
    "an entity that nobody declared": (UNKNOWN, "the entity fever"),
    "too deep": ("<DescriptorRecordSet>" + "<a>" * 60 + "</a>" * 60 + "</DescriptorRecordSet>", "too deep"),
    "a record without a name": (
        document(heading(1, "")),
        "no number, no name or no term",
    ),
}


@pytest.mark.parametrize("text,why", BAD.values(), ids=BAD)
def test_what_is_no_mesh_is_refused_with_the_reason(tmp_path, text, why):
    path = tmp_path / "bad.xml"
    path.write_text(text, "utf-8")
    with pytest.raises(MalformedSource, match=why) as fault:
        list(MeshFile(path))
    assert str(path) in str(fault.value)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_refused(tmp_path, encoding):
    text = document(heading(1, "Zymotic Fièvre")).replace("1.0", f'1.0" encoding="{encoding}', 1)
    path = tmp_path / "desc.xml"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(MalformedSource, match="UTF-8"):
        list(MeshFile(path))


@pytest.mark.parametrize("cut", [40, -6])
def test_a_packed_file_that_breaks_off_is_refused(tmp_path, cut):
    path = tmp_path / "desc.xml.gz"
    path.write_bytes(gzip.compress(document(heading(1, "Zymotic Fever")).encode())[:cut])
    with pytest.raises(MalformedSource, match="cannot be unpacked"):
        list(MeshFile(path))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(MalformedSource, match="cannot be read"):
        MeshFile(tmp_path / "nowhere.xml").digest()


def test_a_long_file_is_read_in_little_memory(tmp_path):
    import tracemalloc

    def peak(count):
        path = tmp_path / "desc.xml"
        path.write_text(document(*(heading(i, f"Zymotic Fever {i}") for i in range(1, count))), "utf-8")
        tracemalloc.start()
        for _ in MeshFile(path):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(8_000) < 1.5 * peak(4_000)


@pytest.mark.parametrize(
    "tree,registry,kind",
    [
        ("C14.280", "0", "condition"), ("C10.597 C23.888.592", "0", "symptom"), ("F03.600", "0", "condition"),
        ("D02.100", "99", "drug"), ("D02.100", "0", "class"), ("D27.505", "0", "class"),
        ("D20.215.894.1", "0", "vaccine"), ("E01.370", "0", "test"), ("E04.100", "0", "procedure"),
        ("E07.200", "0", "device"), ("A02.100", "0", "anatomy"), ("M01.060", "0", "population"),
        ("B03.440", "0", "organism"), ("F01.100", "0", "behaviour"), ("C22.100", "0", None),
        ("G02.100", "0", None), ("E05.318", "0", None), ("C22.100 C01.100", "0", "condition"),
    ],
)  # fmt: skip
def test_the_kind_of_a_heading_is_told_by_its_place_in_the_tree(written, tree, registry, kind):
    (one,) = MeshFile(written(heading(1, "Zymotic Thing", tree=tree, registry=registry)))
    assert one.kind == kind


def test_places_and_kinds_of_publication_are_no_headings(written):
    file = MeshFile(written(heading(1, "Zymotic Fever"), heading(2, "Norwaya", kind="4", tree="Z01.100")))
    assert [one.name for one in file] == ["Zymotic Fever"]


def test_an_inverted_name_is_turned_round():
    assert turned("Infarction, Myocardial") == "Myocardial Infarction"
    assert turned("Leukemia, Myeloid, Acute") == "Acute Myeloid Leukemia"
    assert turned("1,25-Dihydroxyvitamin") == "1,25-Dihydroxyvitamin"
    assert plainly(Term("Fever, Zymotic"), "condition") == "zymotic fever"
    assert plainly(Term("Zymoll Disease", "EPO"), "condition") == "Zymoll Disease"


def test_a_new_heading_is_found_by_every_name_of_its_own_meaning(wider):
    lexicon = wider(heading(1, "Fever, Zymotic", "Zymosis", ("Zymocal", "TRD"), ("ZYMF", "ACR")))
    for text in (
        "zymotic fever",
        "a zymosis",
        "zymocal for me",
        "ZYMF: what now?",
        "zymf with a zymotic rash",
    ):
        assert read(text, lexicon).concepts >= {"mesh-D1"}, text
    assert lexicon.name("mesh-D1") == "zymotic fever"
    assert read("fever, zymotic", lexicon).concepts == {"fever"}
    assert "mesh-D1" not in read("zymf at school", lexicon).concepts


def test_what_is_narrower_is_a_concept_of_its_own_and_what_is_only_related_is_none(wider):
    lexicon = wider(
        heading(1, "Zymotic Fever", narrower=[["Cold Zymotic Fever"]], related=[["Zymotic Chill"]])
    )
    assert read("cold zymotic fever", lexicon).concepts >= {"mesh-M101"}
    assert "mesh-D1" in lexicon.ancestors["mesh-M101"]
    assert not any(c.startswith("mesh") for c in read("zymotic chill", lexicon).concepts)


def test_the_tree_says_what_a_heading_is_a_kind_of(wider):
    lexicon = wider(
        heading(1, "Zymotic Disease", tree="C99.100"),
        heading(2, "Zymotic Fever", tree="C99.100.200"),
        heading(3, "Zymotic Lore", tree="C99.100.200.300 L01.100"),
        heading(4, "Pneumonia", tree="C08.100"),
        heading(5, "Zymotic Pneumonitis", tree="C08.100.200.300"),
    )
    assert lexicon.ancestors["mesh-D3"] == {"mesh-D2", "mesh-D1"}
    assert lexicon.children["mesh-D1"] == {"mesh-D2", "mesh-D3"}
    assert lexicon.ancestors["mesh-D5"] == {"pneumonia"} | SHIPPED.ancestors["pneumonia"]
    assert lexicon.children["pneumonia"] == SHIPPED.children["pneumonia"] | {"mesh-D5"}
    assert lexicon.family("pneumonia") == SHIPPED.family("pneumonia")


def test_a_drug_is_a_kind_of_how_it_acts_and_not_of_how_it_is_built(wider):
    lexicon = wider(
        heading(1, "Sulfonamides", tree="D02.800"),
        heading(2, "Diuretics", tree="D27.505.100"),
        heading(3, "Zymopamide", tree="D02.800.400", actions=["D2"], registry="77"),
    )
    assert lexicon.concepts["mesh-D3"].kind == "drug"
    assert "diuretic" in lexicon.ancestors["mesh-D3"]
    assert not any("sulfonamide" in name for name in lexicon.ancestors["mesh-D3"])


def test_a_heading_that_ships_gets_its_entry_terms_and_no_second_concept(wider):
    lexicon = wider(heading(1, "Myocardial Infarction", "Zymotic Heart Stroke", tree="C14.280"))
    assert read("a zymotic heart stroke", lexicon).concepts >= {"myocardial-infarction"}
    assert "mesh-D1" not in lexicon.concepts
    assert lexicon.by_mesh["Myocardial Infarction"] == "myocardial-infarction"


def test_a_short_form_shared_by_chance_makes_two_meanings_no_one(wider):
    lexicon = wider(heading(1, "Zymotic Intestinal Aganglionosis", ("TIA", "ACR"), tree="C06.400"))
    assert read("zymotic intestinal aganglionosis", lexicon).concepts >= {"mesh-D1"}
    assert read("TIA", lexicon).concepts == read("TIA", SHIPPED).concepts


def test_a_heading_that_is_more_than_the_concept_it_is_filed_under_adds_nothing_to_it(wider):
    lexicon = wider(heading(1, "Clostridium Infections", "Zymotic Clostridiosis", tree="C01.100"))
    assert read("zymotic clostridiosis", lexicon).concepts == frozenset()
    assert lexicon.by_mesh["Clostridium Infections"] == "c-difficile-infection"


@pytest.mark.parametrize(
    "entry",
    ["Morning", "Help", "Zy", "Q9", "Scorpions", "Good Morning", "(6S-(6alpha(2S*,3S*))-Zym"],
)
def test_a_name_that_ships_or_is_plain_english_is_never_taken_over(wider, entry):
    lexicon = wider(heading(1, "Zymotic Fever", entry, tree="C99.100"))
    assert read_question(entry, lexicon) == read_question(entry, SHIPPED)
    assert read("zymotic fever", lexicon).concepts >= {"mesh-D1"}


def test_a_heading_that_shares_one_name_with_what_ships_is_left_out_as_a_whole(wider):
    lexicon = wider(heading(1, "Zymotic Fever", "Pneumonia", tree="C99.100"))
    for text in ("pneumonia", "zymotic fever"):
        assert read(text, lexicon) == read(text, SHIPPED)


def test_a_name_that_two_headings_claim_means_neither_of_them(wider):
    lexicon = wider(heading(1, "Zymotic Fever", "Zymosis"), heading(2, "Zymotic Chill", "Zymosis"))
    assert not read("zymosis", lexicon).concepts


def test_the_name_of_a_heading_wins_over_another_headings_entry_term(wider):
    lexicon = wider(heading(1, "Zymotic Fever", "Zymosis"), heading(2, "Zymosis"))
    assert read("zymosis", lexicon).concepts == {"mesh-D2"}


def test_a_test_of_a_substance_is_not_the_substance(wider):
    name = next(c.name for c in SHIPPED.concepts.values() if c.kind == "condition" and " " not in c.name)
    lexicon = wider(heading(1, name.title(), "Zymotic Solution", tree="D02.100", registry="5"))
    assert not any(c.startswith("mesh") for c in lexicon.concepts)
    assert read("zymotic solution", lexicon).concepts == read("zymotic solution", SHIPPED).concepts


QUESTIONS = (
    "What are the UMN signs associated with back pain?",
    "my lung has collapsed and I take warfarin",
    "Community-acquired pneumonia in a pregnant woman with asthma: which antibiotic?",
    "bleeding on warfarin after a hip fracture",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_ships_is_read_as_before_whatever_is_added(wider, question):
    words = question.rstrip("?").split()
    runs = [" ".join(words[i : i + n]) for n in (1, 2, 3, 4) for i in range(len(words) - n + 1)]
    lexicon = wider(*(heading(i, run, tree="C99.100") for i, run in enumerate(runs, 1)))
    for reading in (read, read_question):
        before = reading(question, SHIPPED).mentions
        after = reading(question, lexicon).mentions
        assert [m for m in after if not m.concept.startswith("mesh-")] == list(before)


def test_a_longer_name_stands_behind_what_ships_inside_it(wider):
    lexicon = wider(heading(1, "Stroke Zymotherapy", tree="E02.100"))
    found = [m.concept for m in read("early stroke zymotherapy helps", lexicon).mentions]
    assert found == ["stroke", "mesh-D1"]


def test_a_heading_of_before_it_was_renamed_still_finds_its_concept(wider):
    lexicon = wider(heading(1, "Zymotic Fever", "Fever, Quartan Zymotic"))
    assert lexicon.by_mesh["Zymotic Fever"] == "mesh-D1"
    assert lexicon.by_mesh["Fever, Quartan Zymotic"] == "mesh-D1"
    assert "Fever, Retired" not in lexicon.by_mesh


def test_a_damaged_file_of_headings_is_told_with_what_to_do(tmp_path):
    path = tmp_path / "mesh.sqlite3"
    path.write_bytes(b"no database" * 900)
    with pytest.raises(LibraryError, match="remove mesh"):
        Headings(path)
    with pytest.raises(LibraryError, match="remove mesh"):
        Headings(tmp_path / "nowhere.sqlite3")


def test_opening_many_headings_loads_none_of_them(wider):
    import tracemalloc

    path = wider(*(heading(i, f"Zymotic Fever {i}", f"Zymosis {i}") for i in range(1, 1500))).more.path
    SHIPPED.by_mesh  # noqa: B018 - what is known of the shipped one is no cost of the headings
    tracemalloc.start()
    lexicon = widened(SHIPPED, Headings(path))
    assert read("zymotic fever 7", lexicon).concepts >= {"mesh-D7"}
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000
