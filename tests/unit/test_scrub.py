"""The scrubber: what identifies a person goes, what a clinician needs stays."""

from __future__ import annotations

import string
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consilium.evaluation import coverage
from consilium.pipeline.plain import plain
from consilium.pipeline.scrub import Identifying, nhs_number, scrub

FOUND = {
    "Mrs O'Brien has BP 200/115, what now?": "[name] has BP 200/115, what now?",
    "Dr. Patel said TSH 24 in Mr John Smith's bloods": "[name] said TSH 24 in [name]'s bloods",
    "mrs jones has gout": "[name] has gout",
    "my name is john smith and i have gout": "my name is [name] and i have gout",
    "My daughter Emily has croup. Thanks, Jane": "My daughter [name] has croup. Thanks, [name]",
    "A patient called Ann Lee needs a statin?": "A patient called [name] needs a statin?",
    "Is Oliver, 4, safe with ibuprofen?": "Is [name], 4, safe with ibuprofen?",
    "Fatima has a TSH of 24": "[name] has a TSH of 24",
    "John Smith needs a hip replacement": "[name] needs a hip replacement",
    "DOB 3/4/80, gout": "DOB [date], gout",
    "born 3.4.1980 with spina bifida": "born [date] with spina bifida",
    "seen on 4 May 2023 and 2023-05-11, and on May 12th, 2023": "seen on [date] and [date], and on [date]",
    "NHS number 943 476 5919: gout": "NHS number [NHS number]: gout",
    "9434765919 has gout": "[NHS number] has gout",
    "MRN: AB123456, gout": "MRN: [record number], gout",
    "hospital number is 12-34567: gout": "hospital number is [record number]: gout",
    "SSN 123-45-6789": "SSN [record number]",
    "Call me on 07700 900123": "Call me on [phone number]",
    "+44 20 7946 0958 or (020) 7946 0958 or 555-234-5678": "[phone number] or [phone number] or [phone number]",
    "jane.doe+x@nhs.net or https://example.org/a?b=1.": "[e-mail address] or [web address].",
    "see patients.example.co.uk/ann": "see [web address]",
    "I live at 12 High Street, Leeds LS1 4AB": "I live at [address], Leeds [post code]",
    "lives at 12 oak road, gout": "lives at [address], gout",
    "Flat 3, 9 Old Mill Lane, SW1A 1AA": "[address], [post code]",
    "of Springfield, IL 62704, has gout": "of Springfield, [post code], has gout",
}
UNTOUCHED = (
    "Temperature 38.3 C and BP 200/115: sepsis?",
    "TSH 24, T4 5, aged 50: levothyroxine 50 mcg once daily?",
    "NICE NG234 and CG181 for H1N1, H5N1 and SARS-CoV-2",
    "PMID 12345678, NCT01234567, doi 10.1056/NEJMoa1234567",
    "Vitamin B12 1ST line; L5 2ND toe; S1 6HR; CD19 and CA125 and HLA-B27",
    "vancomycin 200 300 1000 mg every 8/12/24 hours",
    "platelets 450000000000 /L, 10000000 CFU",
    "mRS 0-2 after thrombectomy; mrs score 3",
    "MR angiography in MS; MS relapse; DR screening",
    "Sister Mary Joseph nodule, Charles Bonnet syndrome, Austin Flint murmur, John Cunningham virus",
    "a disease called Crohn's; a drug called Humira",
    "Guillain-Barré, Parkinson's, Graves' and Addison's disease; Apgar 9; Glasgow 15",
    "GRACE score, ROSE criteria, HEART score, CHA2DS2-VASc 4",
    "INR 2-3, eGFR 45-59, HbA1c 53 mmol/mol (7.0%), 1.5-2.0 mmol/L, 120-140/80-90",
    "ratio 1:1000, 0.5 mL of 1 in 10000; 5/325 mg; 2/7 then 10/7; G2P1; 37+4 weeks",
    "Since 2015, 20-30 years, in 1999, the 2017 guideline; a 45-year-old",
    "Patient Health Questionnaire PHQ-9 of 20; Mini Mental State 24/30",
    "I am HIV positive; I'm Rh negative; this is Type 2",
)


@pytest.mark.parametrize("text", FOUND, ids=list(FOUND))
def test_what_identifies_a_person_is_taken_out_and_nothing_else(text):
    assert scrub(text).text == FOUND[text]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_clinical_numbers_scores_and_eponyms_come_back_unchanged(text):
    assert scrub(text).text == text


def test_the_shipped_questions_come_back_unchanged_but_for_one_date():
    asked = {t.text for t in coverage.topics()} | {q.question.text for q in coverage.unanswerable()}
    for new in (False, True):
        asked |= {topic.text for _, topic in coverage.rewordings(new=new)}
    assert len(asked) > 1000
    touched = {text: scrub(text).text for text in asked if not scrub(text).clean}
    assert touched == {
        "Was it the sandwich on 3 May 2011 that gave me IBS?": "Was it the sandwich on [date] that gave me IBS?"
    }


def test_the_check_digit_of_an_nhs_number_decides():
    assert nhs_number("9434765919")
    assert not nhs_number("9434765918")
    assert not nhs_number("1111111111")


@given(st.integers(100_000_000, 999_999_999), st.sampled_from(["", " ", "-"]))
def test_every_nhs_number_is_found_however_it_is_grouped(nine, between):
    assume(len(set(str(nine))) > 1)
    ten = next((f"{nine}{last}" for last in range(10) if nhs_number(f"{nine}{last}")), None)
    if ten is None:
        assert (11 - sum(int(d) * w for d, w in zip(str(nine), range(10, 1, -1), strict=True)) % 11) == 10
        return
    typed = between.join((ten[:3], ten[3:6], ten[6:]))
    found = scrub(f"Gout in {typed} please")
    assert [(f.kind, f.words) for f in found.findings] == [(Identifying.NHS, typed)]


UNITS = st.sampled_from(
    ["mg", "mcg", "g", "mL", "mmol/L", "units", "kg", "%", "C", "bpm", "weeks", "years", "mmHg"]
)


@given(st.lists(st.tuples(st.floats(0, 9999).map(lambda x: round(x, 2)), UNITS), min_size=1, max_size=6))
def test_a_number_with_its_unit_is_never_touched(doses):
    text = ", ".join(f"dose {amount:g} {unit}" for amount, unit in doses)
    assert scrub(text).text == text


@given(st.integers(0, 350), st.integers(0, 250), st.integers(0, 120))
def test_blood_pressures_and_ages_are_never_touched(high, low, age):
    text = f"BP {high}/{low} in a {age}-year-old, aged {age}: treat?"
    assert scrub(text).text == text


PIECES = st.sampled_from([*FOUND, *UNTOUCHED, "Mr ", " 07700", "[name]", "@", "\n", "3/", "LS1 ", "é", "’s"])
ANY = st.lists(st.one_of(PIECES, st.text(string.printable, max_size=12)), max_size=6).map("".join)


@given(ANY)
def test_findings_are_in_order_apart_and_quote_the_text_and_the_rest_stays(text):
    found = scrub(text)
    place, rebuilt = 0, ""
    for finding in found.findings:
        assert place <= finding.start < finding.end <= len(text)
        assert finding.words == text[finding.start : finding.end]
        rebuilt += text[place : finding.start] + f"[{finding.kind.value}]"
        place = finding.end
    assert found.text == rebuilt + text[place:]
    assert found.clean == (found.text == text)


DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d"
SPACES = "\u00a0\u1680\u2000\u2002\u2007\u2009\u200a\u202f\u205f\u3000\u2028\t\n\u3164\u2800"
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u202e\u2060\u2064\u2066\ufeff\u061c\u180e\ufe0f\u0336\U000e0041"
CONTACT = "Ring 07700 900123, NHS 943-476-5919, born 3/4/1980, LS1 4AB, john@nhs.net, Mr John Smith has gout"
CLEAN = "Ring [phone number], NHS [NHS number], born [date], [post code], [e-mail address], [name] has gout"
FOUND_THERE = [(finding.kind, finding.words) for finding in scrub(CONTACT).findings]


@pytest.mark.parametrize("dash", DASHES, ids=ascii)
def test_a_dash_of_another_kind_hides_nothing(dash):
    assert scrub(f"NHS 943{dash}476{dash}5919").text == "NHS [NHS number]"
    assert scrub(f"SSN 123{dash}45{dash}6789, 555{dash}234{dash}5678").text == (
        "SSN [record number], [phone number]"
    )


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_a_space_of_another_kind_hides_nothing(space):
    found = scrub(CONTACT.replace(" ", space))
    assert [(f.kind, f.words.replace(space, " ")) for f in found.findings] == FOUND_THERE


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_a_character_that_cannot_be_seen_hides_nothing(unseen):
    assert scrub(CONTACT).text == CLEAN
    found = scrub(unseen.join(CONTACT))
    assert found.text.replace(unseen, "") == CLEAN
    assert [(f.kind, f.words.replace(unseen, "")) for f in found.findings] == FOUND_THERE


@pytest.mark.parametrize("zero", "\uff10\u0660\u0966\U0001d7ce", ids=ascii)
def test_a_digit_of_another_kind_hides_nothing(zero):
    typed = CONTACT.translate({ord(str(n)): chr(ord(zero) + n) for n in range(10)} | {ord("@"): "\uff20"})
    assert scrub(typed).text == CLEAN


@pytest.mark.parametrize("text", UNTOUCHED)
def test_clinical_numbers_come_back_unchanged_with_typographic_dashes_too(text):
    for dash in "\u2013\u2212":
        assert scrub(text.replace("-", dash)).text == text.replace("-", dash)


@given(st.text(st.sampled_from("a1- @.\u00ad\u0301\u2013\u3000\uff11\U0001d7ce"), max_size=60))
def test_the_plain_copy_leads_back_to_the_text(text):
    copy, at = plain(text)
    assert len(at) == len(copy) + 1
    assert at == sorted(at)
    assert at[-1] == len(text)


def work_on(words: str) -> float:
    """The processor's seconds, which do not grow with what else the machine does."""
    started = time.process_time()
    scrub(words)
    return time.process_time() - started


@pytest.mark.parametrize("unit", ["\u200b1", "\u20131", "1\u0301", "\uff11\u2009", "Mr\u00ad ", "@\u2060"])
def test_a_long_text_of_other_characters_takes_no_long_time(unit):
    assert work_on(unit * 4_000) < 2.0


@given(st.sampled_from(string.ascii_letters + string.digits + " .-/+@([:"), st.integers(1, 2000))
def test_a_long_run_of_one_character_takes_no_long_time(character, times):
    assert work_on(character * times) < 0.2


@pytest.mark.parametrize(
    "words", ["nhs " + "1" * 1_900 + "_", "mrn " + "1A" * 900 + "_", "record " + "1-" * 900 + "_"]
)
def test_a_long_run_of_digits_does_not_keep_the_scrubber_busy(words):
    assert work_on(words) < 1.0
