"""Find what could identify a person in a question, before anybody else may read it.

Patterns and short lists, no model: each finding can be explained to whoever typed the question.
Medical numbers, scores, organisms and eponyms have to come through unchanged, so a pattern that
they could fit asks for a cue ("lives at", "born") or for a check digit. Patterns read a plain copy,
so that a dash or a digit of another kind hides nothing. What the patterns do not
know they cannot find: a person has to look as well, and the site asks them to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from consilium.pipeline import names
from consilium.pipeline.plain import plain


class Identifying(Enum):
    """What kind of thing identifies a person; the value stands in the text in its place."""

    EMAIL = "e-mail address"
    URL = "web address"
    NHS = "NHS number"
    RECORD = "record number"
    PHONE = "phone number"
    DATE = "date"
    ADDRESS = "address"
    POSTCODE = "post code"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that could identify a person: the text from ``start`` to ``end``."""

    kind: Identifying
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A text without what was found in it; "[name]" stands where a name stood."""

    text: str
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def scrub(text: str) -> Scrubbed:
    """Find what could identify a person, and take it out."""
    taken: list[Finding] = []
    copy, at = plain(text)
    for kind, find in _FINDERS:
        for first, past in find(copy):
            start, end = at[first], at[past]
            if first < past and all(end <= f.start or f.end <= start for f in taken):
                taken.append(Finding(kind, start, end, text[start:end]))
    taken.sort(key=lambda finding: finding.start)
    parts, place = [], 0
    for finding in taken:
        parts += [text[place : finding.start], f"[{finding.kind.value}]"]
        place = finding.end
    return Scrubbed("".join([*parts, text[place:]]), tuple(taken))


def nhs_number(digits: str) -> bool:
    """Whether ten digits are an NHS number: the last one is the check digit (modulus 11)."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(digits[9]) and check != 10


def _spans(pattern: str, flags: int = 0) -> Callable[[str], Iterator[tuple[int, int]]]:
    """The spans of a pattern: of its group ``found`` where it has one, else the whole of it."""
    compiled = re.compile(pattern, flags | re.VERBOSE)
    group: str | int = "found" if "found" in compiled.groupindex else 0

    def find(text: str) -> Iterator[tuple[int, int]]:
        for match in compiled.finditer(text):
            yield match.span(group)

    return find


def _nhs(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"(?<![\w.,/+-])\d{3}([ -]?)\d{3}\1\d{4}(?![\w/-]|[.,]\d)", text, re.ASCII):
        if nhs_number(re.sub(r"\D", "", match[0])):
            yield match.span()


_I = re.IGNORECASE
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY, _MM, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_BORN = r"(?:d\.?o\.?b\.?|date\ of\ birth|born(?:\ on)?|birthday(?:\ is)?)(?:\ is)?[\s:=-]*"
# Two figures for the year only after a cue, or with a 0 in front: "every 8/12/24 hours" is no date.
_DATE = rf"""(?<![\w/.-])(?:
    {_DAY}(?P<s>[/.-]){_MM}(?P=s){_YEAR} | {_MM}(?P<t>[/.-]){_DAY}(?P=t){_YEAR}
    | {_YEAR}(?P<u>[/.-]){_MM}(?P=u){_DAY}
    | {_DAY}(?:st|nd|rd|th)?(?:\ of)?[\ -]{_MONTH},?[\ -]{_YEAR}
    | {_MONTH}\ {_DAY}(?:st|nd|rd|th)?,?\ {_YEAR}
    | (?:0[1-9]/(?:0[1-9]|[12]\d|3[01])|(?:[12]\d|3[01])/0[1-9])/\d\d
    )(?![\w/-]|\.\d)"""
_BIRTH = rf"{_BORN}(?P<found>{_DAY}[/.\ -]{_MM}[/.\ -]\d\d(?:\d\d)?|{_MM}[/.\ -]{_DAY}[/.\ -]\d\d(?:\d\d)?|{_DAY}\ {_MONTH}\ \d\d)(?!\d)"

_RECORD_CUE = r"""(?:\b(?:mrn|ssn|nhs|chi|uhid|nric|medicare|medicaid|ni|(?:hospital|patient|medical\ record|health\ record
    |record|case|chart|insurance|policy|passport|licen[cs]e|driving\ licence|account|membership|social\ security
    |national\ insurance|nhs|medicare|id|reference|accession)\ (?:number|no|num|id|nr))\b\.?)"""
_RECORD = rf"{_RECORD_CUE}(?:\s+is|\s+number|\s+no\.?)?[\s:#=]*(?P<found>(?=(?:[A-Z]*[-/ ]?\d){{4}})[A-Z]{{0,4}}[-/ ]?\d[\dA-Z]*(?:[-/ ]\d[\dA-Z]*)*)(?!\w)"
_REF = r"\bref(?:erence)?\.?\ ?:?\ *(?P<found>[A-Z]{1,3}\d{4,}(?:-\d+)?|\d{6,})(?!\w)"
_NUMBERED = r"""(?<![\w.,/+-])(?: (?!000|666|9\d\d)\d{3}-\d\d-\d{4}
    | [ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\ ?\d\d\ ?\d\d\ ?\d\d\ ?[A-D]
    | (?!\d*0000)\d{9,12} )(?![\w/-]|[.,]\d|\ ?(?:CFU|cells|IU|units|copies|/))"""

_PHONE = r"""(?<![\w./+-])(?: (?:\+|00)\d{1,3}[\s.-]?(?:\(0?\d{1,4}\)[\s.-]?)?\d(?:[\s.-]?\d){6,11}
    | 0[1-9]\d{8,9} | \(?0[1-9]\d{1,3}\)?[\s.-]\d{3,4}[\s.-]?\d{3,4} | \(?0[1-9]\d{3}\)?[\s.-]\d{5,6}
    | \([2-9]\d\d\)\ ?[2-9]\d\d[\s.-]?\d{4} | (?:1-)?[2-9]\d\d(?P<d>[.-])[2-9]\d\d(?P=d)\d{4}
    | [2-9]\d\d\ [2-9]\d\d\ \d{4}(?!\ ?(?:mg|g|mcg|ml|units|IU)\b) )(?![\w/-]|[.,]\d)"""
_CALL = r"\b(?:tel(?:ephone)?|phone|mobile|cell|fax|call\ me|ring\ me|text\ me|contact\ me|reach\ me|whatsapp)\.?(?:\ (?:number|no\.?|is|on|at))*[\s:]*(?P<found>\+?\(?\d[\d\s().-]{5,16}\d)(?!\w)"

_EMAIL = r"(?<![\w.+-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"
_DOMAIN = (
    r"(?:com|org|net|info|edu|gov|co\.uk|org\.uk|ac\.uk|nhs\.uk|gov\.uk|nhs\.net|io|me|de|fr|eu|ie|ca|au)"
)
_URL = rf"(?:https?://|www\.)[^\s<>\"']*[^\s<>\"'.,;:!?)\]] | (?<![\w@.-])[a-z0-9-]{{2,}}(?:\.[a-z0-9-]+)*\.{_DOMAIN}(?:/[^\s<>\"']*)?(?![\w.-])"

_AREA = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|FK|FY|G|GL"
    "|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX"
    "|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR"
    "|WS|WV|YO|ZE"
)
_STATE = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA"
    "|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_INWARD = r"\d[ABD-HJLNP-UW-Z]{2}"
_LIVES = r"\b(?:post\s?code|address|lives?\ (?:in|at)|living\ (?:in|at)|resident\ (?:of|at)|home\ is(?:\ at)?)(?:\ is)?[\s:]*"
# "L5 2ND", "B12 1ST", "E2 6HR" are no post codes unless somebody says that they live there.
_POSTCODE = (
    rf"""(?<![\w.-])(?:{_AREA})(?:\d[A-Z]?|\d\d)\ ?(?!\d(?:ST|ND|RD|TH|HR|BD|QD|QH|TD)\b){_INWARD}(?![\w-])"""
)
_HERE = rf"{_LIVES}(?P<found>(?:{_AREA})\d[A-Z\d]?(?:\ ?{_INWARD})?)(?!\w)"
_ZIP = rf"\b[A-Z][a-z]+,?\ (?P<found>(?:{_STATE})\ \d{{5}}(?:-\d{{4}})?)(?![\w-])|\b(?i:zip)(?i:\ code)?[\s:]*(?P<zip>\d{{5}}(?:-\d{{4}})?)(?!\w)"

_ROAD = (
    "Street|Road|Avenue|Lane|Close|Crescent|Terrace|Drive|Court|Place|Square|Gardens|Boulevard|Grove|Mews|Parade|Hill|Way"
    "|Row|Walk|Rd|Ave|Blvd|St(?!\\.?\\ [A-Z])"
)
_STREET = rf"(?<![\w.-])(?:(?:Flat|Apt|Apartment|Unit)\ \w{{1,4}},?\ )?\d{{1,5}}[A-Za-z]?,?\ (?:(?:[A-Z][\w'’-]+|the|of)\ ){{1,4}}(?:{_ROAD})\b\.?|\bP\.?O\.?\ Box\ \d+"
_LOWER_STREET = (
    rf"{_LIVES}(?:\bat\ )?(?P<found>\d{{1,5}}[a-z]?,?\ (?:[\w'’-]+\ ){{1,3}}(?:{_ROAD.lower()}))\b"
)


def _zip(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(_ZIP, text):
        yield match.span("found" if match["found"] else "zip")


_FINDERS: tuple[tuple[Identifying, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    (Identifying.EMAIL, _spans(_EMAIL)),
    (Identifying.URL, _spans(_URL, _I)),
    (Identifying.NHS, _nhs),
    (Identifying.DATE, _spans(_BIRTH, _I)),
    (Identifying.DATE, _spans(_DATE, _I)),
    (Identifying.RECORD, _spans(_RECORD, _I)),
    (Identifying.RECORD, _spans(_REF, _I)),
    (Identifying.RECORD, _spans(_NUMBERED)),
    (Identifying.PHONE, _spans(_CALL, _I)),
    (Identifying.PHONE, _spans(_PHONE)),
    (Identifying.ADDRESS, _spans(_STREET)),
    (Identifying.ADDRESS, _spans(_LOWER_STREET, _I)),
    (Identifying.POSTCODE, _spans(_HERE, _I)),
    (Identifying.POSTCODE, _spans(_POSTCODE)),
    (Identifying.POSTCODE, _zip),
    (Identifying.NAME, names.spans),
)
