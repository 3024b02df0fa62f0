"""An answer as an ordered list of parts, the same for every rendering."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
CAUTION = "For education only; exercise caution: this content is pending human review."
FOR_WHOM = {
    "clinician": "Written for clinicians",
    "student": "Written for students",
    "patient": "Written for patients and carers",
}
CHECKED = {
    "verbatim": "the source's own words",
    "primary": "checked against the source itself",
    "secondary": "read in a secondary account of the source",
    "derived": "reasoned by Consilium, stated by no source",
}
TITLES = {
    "act_now": "Act now",
    "in_short": "In short",
    "disagreements": "Where bodies disagree",
    "left_out": "What this answer leaves out",
    "how_sure": "How sure",
    "references": "References",
}
_STALE = {"superseded": "superseded", "expired": "lapsed", "partly_superseded": "partly superseded"}
_LEFT_OUT_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Words:
    """A cited sentence as a reader may open it."""

    id: str
    text: str
    origin: str
    reference: int
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One claim, or one plain line, of a part."""

    text: str
    frame: str | None = None
    numbers: tuple[int, ...] = ()
    grade: str | None = None
    notes: tuple[str, ...] = ()
    glosses: tuple[tuple[str, str], ...] = ()
    words: tuple[Words, ...] = ()
    lead: bool = False
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page."""

    id: str
    title: str
    lines: tuple[Line, ...]
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole page, from top to bottom."""

    title: str
    audience: str
    steps: tuple[tuple[str, bool], ...]
    notice: str | None
    caution: str | None
    about: tuple[str, ...]
    parts: tuple[Part, ...]
    disclaimer: str
    follow_ups: tuple[str, ...] = field(default=())


def outline(answer: Json) -> Outline:
    """The outline of an article or an abstention."""
    content, run = answer["content"], answer["run"]
    article = answer["kind"] == "article"
    status = (answer["review"] or {}).get("status", "submitted")
    generations = ", ".join(f"{name} {number}" for name, number in run["generations"].items())
    audience = answer["rendering"]["audience"] if answer["rendering"] else ""
    about = [f"As of {run['as_of']}", f"library: {generations or 'none'}", f"Consilium {run['version']}"]
    return Outline(
        title=content["question"],
        audience=FOR_WHOM.get(audience, ""),
        steps=_steps(status) if article else (),
        notice=run["urgent_notice"],
        caution=CAUTION if article and status != "approved" else None,
        about=tuple(about),
        parts=_article_parts(answer) if article else _abstention_parts(content, run),
        disclaimer=content["disclaimer"],
        follow_ups=tuple(run["follow_ups"]),
    )


def _steps(status: str) -> tuple[tuple[str, bool], ...]:
    at = {"submitted": 0, "under_review": 1, "approved": 2}.get(status, 0)
    return tuple((name, at == place) for place, name in enumerate(("Submitted", "Under review", "Approved")))


def _article_parts(answer: Json) -> tuple[Part, ...]:
    content, order = answer["content"], answer["rendering"]["order"]
    shown: set[str] = set()
    made = []
    for name in order:
        part = _part(name, answer, shown)
        if part and (part.lines or part.table):
            made.append(part)
            shown |= set(content.get(name, ())) if name in {"act_now", "in_short"} else set()
    return tuple(made)


def _part(name: str, answer: Json, shown: set[str]) -> Part | None:
    content = answer["content"]
    if name in {"act_now", "in_short"}:
        return Part(name, TITLES[name], tuple(line_of(c, answer) for c in content[name]))
    for section in content["sections"]:
        if section["id"] == name:
            rows = [(item["role"], c) for item in section["items"] for c in item["claims"]]
            lines = tuple(line_of(c, answer, lead=role == "lead", brief=c in shown) for role, c in rows)
            return Part(name, section["title"], lines)
    if name == "disagreements":
        return Part(name, TITLES[name], (), _disagreements(answer))
    if name == "left_out":
        return Part(name, TITLES[name], _left_out(answer))
    if name == "how_sure":
        return Part(name, TITLES[name], (Line(content["assessment"]["summary"]),))
    if name == "references":
        return Part(name, TITLES[name], tuple(_reference(r) for r in content["references"]))
    return None


def line_of(name: str, answer: Json, *, lead: bool = False, brief: bool = False) -> Line:
    """The line of one claim; ``brief`` where it was printed above with its glosses."""
    claim, worded = answer["content"]["claims"][name], answer["rendering"]["claims"][name]
    clinician = answer["rendering"]["audience"] != "patient"
    references = {r["number"]: r for r in answer["content"]["references"]}
    numbers = tuple(citation["reference"] for citation in claim["citations"])
    frame = claim["frame"]
    if claim["support"] == "inferred" and len(numbers) > 1:
        frame = f"Reasoned by Consilium from {_listed(numbers[1:])}, stated by none of them"
    notes = list(claim["qualifiers"])
    own = references[numbers[0]]
    if own["status"] in _STALE:
        notes.append(f"{_STALE[own['status']]} edition")
    grade = claim["native_grade"] if clinician else None
    glosses = () if brief else tuple((g["term"], g["gloss"]) for g in worded["glosses"])
    words = tuple(
        Words(s["id"], s["text"], CHECKED[s["checked"]], c["reference"], references[c["reference"]]["title"])
        for c in claim["citations"]
        for s in c["sentences"]
    )
    return Line(worded["text"], frame, numbers, grade, tuple(notes), glosses, words, lead)


def _listed(numbers: tuple[int, ...]) -> str:
    marks = [f"[{number}]" for number in numbers]
    return " and ".join([", ".join(marks[:-1]), marks[-1]] if len(marks) > 1 else marks)


def _disagreements(answer: Json) -> tuple[tuple[str, ...], ...]:
    rows = []
    for table in answer["content"]["disagreements"]:
        for p in table["positions"]:
            claim = answer["content"]["claims"][p["claim"]]
            strength = claim["native_grade"] or "not stated"
            rows.append((p["body"], p["jurisdiction"] or "", str(p["year"] or ""), claim["text"], strength))
    return (("Who", "Country", "Year", "What", "How strong"), *rows) if rows else ()


def _left_out(answer: Json) -> tuple[Line, ...]:
    run = answer["run"]
    lines = [Line(gap) for gap in answer["content"]["gaps"]]
    for row in run["excluded"][:_LEFT_OUT_SHOWN]:
        year = f" ({row['year']})" if row["year"] else ""
        lines.append(Line(f"Turned away: {row['title']}{year}: {row['detail']}."))
    more = run["excluded_total"] - min(_LEFT_OUT_SHOWN, len(run["excluded"]))
    if more > 0:
        lines.append(Line(f"{more} more sources were considered and turned away."))
    return tuple(lines)


def _reference(reference: Json) -> Line:
    checked = (
        f"checked {reference['status_checked_on']}"
        if reference["status_basis"] == "checked"
        else "currency not checked"
    )
    note = f"{reference['design']}; {reference['status'].replace('_', ' ')} ({checked})"
    links = []
    if reference["pmid"]:
        links.append(("PubMed", f"https://pubmed.ncbi.nlm.nih.gov/{reference['pmid']}/"))
    if reference["doi"]:
        links.append(("DOI", f"https://doi.org/{reference['doi']}"))
    if reference["url"] and not links:
        links.append(("Read the original", reference["url"]))
    return Line(reference["text"], numbers=(reference["number"],), notes=(note,), links=tuple(links))


def _abstention_parts(content: Json, run: Json) -> tuple[Part, ...]:
    nearest = tuple(Line(f"{n['title']}: {n['why_not']}.") for n in content["nearest"])
    searched = content["searched"] or ["nothing: the question was not searched"]
    alone = run["urgent_notice"] == content["message"]
    message = () if alone else (Line(content["message"]),)
    parts = [Part("message", "No answer", message)]
    if not alone:
        parts += [
            Part("searched", "What was searched", (Line(", ".join(searched)),)),
            Part("nearest", "What came nearest, and why it is not enough", nearest),
            Part("widen", "What may help", tuple(Line(way) for way in content["widen"])),
        ]
    return tuple(part for part in parts if part.lines)
