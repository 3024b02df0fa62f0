"""The one outline that text, Markdown and HTML all lay out, from the JSON of the contract."""

from __future__ import annotations

from collections.abc import Callable

from consilium.adapters.renderings.parts import (
    Block,
    Comparison,
    Page,
    Part,
    Points,
    Position,
    Prose,
    References,
    Statement,
    Statements,
    Step,
    TurnedAway,
)
from consilium.adapters.renderings.wording import Json, clean, entry, grade_of, statement

CAUTION = "For education only; exercise caution: this content is pending human review."
FOR_PATIENTS = (
    "For patients, families and carers. Words that may be new are explained beside each point; "
    "your own team knows what fits you."
)
_STEPS = ("Submitted", "Under review", "Approved")
_STANDING = {
    "submitted": ("Submitted", "Submitted, not reviewed"),
    "under_review": ("Under review", "Under review, not approved"),
    "changes_requested": ("Under review", "Changes requested, not approved"),
    "needs_re_review": ("Under review", "Needs review again"),
    "approved": ("Approved", "Approved"),
    "withdrawn": (None, "Withdrawn: do not rely on this article"),
}
_ROLES = {"lead": "Lead"}
_ORDER = ("act_now", "in_short", "guidelines", "disagreements", "research", "left_out", "how_sure", "references")  # fmt: skip


def outline(article: Json) -> Page:
    """The page of an article or an abstention, from top to bottom."""
    content, run = article["content"], article["run"]
    is_article = article["kind"] == "article"
    steps, standing, cautions = _review(article) if is_article else ((), None, ())
    audience = (article["rendering"] or {}).get("audience")
    parts = _article_parts(article) if is_article else _abstention_parts(article)
    return Page(
        notice=clean(run["urgent_notice"]) if run["urgent_notice"] else None,
        title=clean(content["title"] if is_article else content["question"]),
        steps=steps,
        standing=standing,
        cautions=cautions,
        readers=FOR_PATIENTS if audience == "patient" else None,
        facts=tuple(_facts(run)),
        parts=(*parts, *_closing(content, run)),
    )


def _review(article: Json) -> tuple[tuple[Step, ...], str, tuple[str, ...]]:
    review = article["review"]
    status = review["status"] if review else "submitted"
    needed = {article["id"]} | ({article["rendering"]["id"]} if article["rendering"] else set())
    if status == "approved" and not needed <= set(review["covers"]):
        status = "needs_re_review"  # approved, but not these words
    current, standing = _STANDING[status]
    if review and status == "approved":
        standing += f" by {clean(review['reviewed_by'])} on {clean(review['reviewed_on'])}"
    if review and review["why"]:
        standing += f". {clean(review['why'])}"
    steps = tuple(Step(name, name == current) for name in _STEPS)
    return steps, standing, () if status == "approved" else (CAUTION,)


def _facts(run: Json) -> list[str]:
    held = ", ".join(f"{name} {generation}" for name, generation in run["generations"].items())
    facts = [f"Evidence as of {run['as_of']}", f"Library generations: {held or 'none'}"]
    taken = (run["plan"] or {}).get("inherited", ()) if run["follows"] else ()
    if taken:
        facts.append(f"Taken over from the question before: {', '.join(map(clean, taken))}")
    if run["composer"] != "extractive":
        facts.append(f"Worded by {clean(run['composer'])}; each claim was checked against its sentences")
    facts += [
        f"Sent outside this machine: {clean(s['what'])}, to {clean(s['to'])}"
        for s in run["sent_outside"]
        if not _is_address(s["what"])
    ]
    if asked := sum(_is_address(s["what"]) for s in run["sent_outside"]):
        facts.append(
            f"Sent outside this machine: {asked} request{'s' * (asked > 1)}, word for word at the end"
        )
    return facts + [f"Fell back at {clean(f['stage'])}: {clean(f['why'])}" for f in run["fallbacks"]]


def _is_address(what: str) -> bool:
    """Whether what was sent is told as the whole address that was asked, which is long."""
    return what.startswith(("https://", "http://"))


def _article_parts(article: Json) -> tuple[Part, ...]:
    builders: dict[str, Callable[[Json], Part | None]] = {
        "act_now": lambda a: _plain_list(a, "act_now", "Act now"),
        "in_short": lambda a: _plain_list(a, "in_short", "In short", strong=True),
        "guidelines": lambda a: _section(a, "guidelines"),
        "disagreements": _disagreements,
        "research": lambda a: _section(a, "research"),
        "left_out": _left_out,
        "how_sure": _how_sure,
        "references": _references,
    }
    wanted = (article["rendering"] or {}).get("order") or _ORDER
    # An order that forgets a part does not lose it.
    order = dict.fromkeys([*(name for name in wanted if name in builders), *_ORDER])
    built = (builders[name](article) for name in order)
    return tuple(part for part in built if part)


def _plain_list(article: Json, name: str, title: str, *, strong: bool = False) -> Part | None:
    claims = article["content"][name]
    if not claims:
        return None
    items = tuple(statement(article, claim, f"{name}-{n}") for n, claim in enumerate(claims, 1))
    return Part(name, title, (Statements(items, strong),))


def _section(article: Json, name: str) -> Part | None:
    content = article["content"]
    above = {*content["act_now"], *content["in_short"]}
    for section in content["sections"]:
        if section["id"] == name:
            pairs = [(item["role"], claim) for item in section["items"] for claim in item["claims"]]
            # What stands above is not said again, but for the lead and for what an entry goes on from.
            left = [
                (item["role"], claim)
                for item in section["items"]
                for claim in item["claims"]
                if item["role"] == "lead" or not above.issuperset(item["claims"])
            ]
            items = tuple(
                statement(
                    article, claim, f"{name}-{n}", label=_ROLES.get(role), glossed=claim not in above
                )
                for n, (role, claim) in enumerate(left or pairs, 1)
            )  # fmt: skip
            return Part(name, clean(section["title"]), (Statements(items),))
    return None


def _disagreements(article: Json) -> Part | None:
    tables = article["content"]["disagreements"]
    blocks = [
        Comparison(
            clean(table["about"]),
            tuple(
                _position(article, position, f"disagreements-{t}-{n}")
                for n, position in enumerate(table["positions"], 1)
            ),
        )
        for t, table in enumerate(tables, 1)
    ]
    return Part("disagreements", "Where guidance disagrees", tuple(blocks)) if blocks else None


def _position(article: Json, position: Json, key: str) -> Position:
    what = statement(article, position["claim"], key)
    told = [gloss for term, gloss in what.glosses if term == "How strongly"]
    own = grade_of(article["content"]["claims"][position["claim"]])
    return Position(
        who=clean(position["body"]),
        country=clean(position["jurisdiction"] or "not stated"),
        year=str(position["year"] or "undated"),
        what=what,
        how_strong=told[0] if told and what.grade is None else own or "not stated",
    )


def _left_out(article: Json) -> Part:
    run, gaps = article["run"], article["content"]["gaps"]
    blocks: list[Block] = []
    total = run["excluded_total"]
    if total:
        noun = "source was" if total == 1 else "sources were"
        blocks.append(Prose(f"{total} {noun} considered and turned away."))
        blocks.append(TurnedAway(tuple(_turned_away(e) for e in run["excluded"]), total))
    else:
        blocks.append(Prose("No source was turned away."))
    if gaps:
        blocks.append(Points("Not found / does not apply", tuple(clean(gap) for gap in gaps)))
    return Part("left_out", "What this answer leaves out", tuple(blocks))


def _turned_away(excluded: Json) -> str:
    year = f" ({excluded['year']})" if excluded["year"] else ""
    return f"{clean(excluded['title'])}{year}: {clean(excluded['detail'])}"


def _how_sure(article: Json) -> Part:
    return Part("how_sure", "How sure", (Prose(clean(article["content"]["assessment"]["summary"])),))


def _references(article: Json) -> Part:
    content = article["content"]
    stated: list[Statement] = [statement(article, claim, claim) for claim in content["claims"]]
    cited = [c for s in stated for c in s.cited]
    printed = frozenset(clean(claim["text"]) for claim in content["claims"].values())
    entries = (
        entry(reference, [c for c in cited if c.reference == reference["number"]], printed)
        for reference in content["references"]
    )
    return Part("references", "References", (References(tuple(entries)),))


def _abstention_parts(article: Json) -> tuple[Part, ...]:
    content = article["content"]
    message, notice = clean(content["message"]), clean(article["run"]["urgent_notice"] or "")
    parts = [] if message == notice else [Part("message", "No answer", (Prose(message),))]
    searched = tuple(clean(term) for term in content["searched"])
    nearest = tuple(f"{clean(n['title'])}: {clean(n['why_not'])}" for n in content["nearest"])
    for name, title, items in (
        ("searched", "What was searched", searched),
        ("nearest", "What came nearest, and why it was not enough", nearest),
        ("widen", "How to widen the search", tuple(clean(way) for way in content["widen"])),
    ):
        if items:
            parts.append(Part(name, title, (Points(None, items),)))
    return tuple(parts)


def _closing(content: Json, run: Json) -> list[Part]:
    parts = [Part("disclaimer", "Professional disclaimer", (Prose(clean(content["disclaimer"])),))]
    if asked := tuple(clean(s["what"]) for s in run["sent_outside"] if _is_address(s["what"])):
        parts.append(Part("sent", "Sent outside this machine", (Points(None, asked),)))
    if run["follow_ups"]:
        asks = tuple(clean(question) for question in run["follow_ups"])
        parts.append(Part("follow_ups", "You could ask next", (Points(None, asks),)))
    return parts
