"""Word claims for an audience: the model may change words and nothing that they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from consilium.domain.article import Article, Rendering, SupportedClaim, Wording
from consilium.domain.evidence import StatementKind
from consilium.domain.question import Audience
from consilium.errors import ModelError, ModelOutput
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.checks.form import is_plain
from consilium.pipeline.fidelity import reworded as altered
from consilium.pipeline.tailor import YOUR_TEAM, automated_readability, coleman_liau, reading_grade
from consilium.pipeline.writing.desk import Desk, rows
from consilium.pipeline.writing.inspect import lay_faults
from consilium.pipeline.writing.judge import compare
from consilium.pipeline.writing.log import Reworded
from consilium.pipeline.writing.spotlight import between, fresh, material

# More claims than this are left to the clinician's words with glosses: the budget of one answer ends.
MOST = 16


def reword(
    article: Article, plain: Rendering, lexicon: Lexicon, desk: Desk
) -> tuple[Rendering, Reworded | None]:
    """The rendering with the model's words where they say the same, and what came of it.

    Args:
        plain: the clinician's text with glosses; it stays for every claim that does not pass.
    """
    claims = [claim for claim in article.claims if not _inferred(claim)][:MOST]
    try:
        offered = _offered(claims, plain.audience, desk)
        reasons = {
            name: why for name, text in offered.items() if (why := _fault(name, text, claims, lexicon))
        }
        left = {name: text for name, text in offered.items() if name not in reasons}
        kept = _same(left, claims, reasons, desk)
    except ModelError as fault:
        desk.fell_back("tailor", fault)
        return plain, None
    by_id = {claim.id: claim for claim in claims}
    worded = tuple(
        (name, Wording(_for(plain.audience, by_id[name], kept[name]), old.glosses) if name in kept else old)
        for name, old in plain.claims
    )
    whole = " ".join(wording.text for _, wording in worded)
    made = replace(plain, claims=worded, reading_grade=reading_grade(whole))
    if kept:
        made = replace(made, composer=f"model:{desk.writer.name}")
    told = Reworded(
        plain.audience, len(claims), len(kept), automated_readability(whole), coleman_liau(whole),
        tuple(reasons.items()),
    )  # fmt: skip
    return made, told


def _inferred(claim: SupportedClaim) -> bool:
    return claim.support.value == "inferred"


def _for(audience: str, claim: SupportedClaim, text: str) -> str:
    """Advice reads as what a team may do, not as an order to a patient."""
    orders = claim.claim.kind is StatementKind.RECOMMENDATION and "team" not in text.lower()
    return YOUR_TEAM + text if orders and audience == Audience.PATIENT.value else text


def _offered(claims: Sequence[SupportedClaim], audience: str, desk: Desk) -> dict[str, str]:
    """The model's wording of each claim, by the claim's id."""
    texts = [claim.claim.text for claim in claims]
    mark = fresh(desk.writer.mark, texts)
    names = {f"c{number}": claim.id for number, claim in enumerate(claims, 1)}
    shown = [{"id": n, "text": between(mark, text)} for n, text in zip(names, texts, strict=True)]
    row = {"id": {"enum": list(names)}, "text": {"type": "string"}}
    item = {"type": "object", "properties": row, "required": list(row), "additionalProperties": False}
    schema = {
        "type": "object",
        "properties": {"claims": {"type": "array", "items": item}},
        "required": ["claims"],
        "additionalProperties": False,
    }
    reply = desk.ask("tailor", material(mark, audience=audience, claims=shown), schema)
    made: dict[str, str] = {}
    for found in rows(reply, "claims", {"id": str, "text": str}):
        if found["id"] not in names:
            raise ModelOutput
        made[names[found["id"]]] = " ".join(found["text"].split())
    return made


def _fault(name: str, text: str, claims: Sequence[SupportedClaim], lexicon: Lexicon) -> str | None:
    """What a wording certainly changes, in words, or None."""
    claim = next(claim for claim in claims if claim.id == name).claim
    if not text or not is_plain(text):
        return "carries a link, markup or hidden characters"
    return next(altered(claim.text, text, lexicon), None) or next(
        (flaw.detail for flaw in lay_faults(claim, text, lexicon)), None
    )


def _same(
    offered: Mapping[str, str], claims: Sequence[SupportedClaim], reasons: dict[str, str], desk: Desk
) -> dict[str, str]:
    """Those wordings that say the same as their claims, as the judge says."""
    texts = {claim.id: claim.claim.text for claim in claims}
    kept = {name: text for name, text in offered.items() if text == texts[name]}
    other = [name for name in offered if name not in kept]
    if other:
        verdicts = compare([(texts[name], offered[name]) for name in other], desk)
        for name, verdict in zip(other, verdicts, strict=True):
            if verdict.stands:
                kept[name] = offered[name]
            else:
                reasons[name] = f"{verdict.judgement.value}: {verdict.why}"
    return kept
