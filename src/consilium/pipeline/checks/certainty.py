"""How sure a claim sounds: no "may", "usually" or "low-certainty" of a sentence is lost, no proof is added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.scope import Cue, scopes, strayed
from consilium.pipeline.checks.wording import Wording

_PREDICATES = (
    r"uncertain|unclear|unproven|inconclusive|conflicting|disputed|insufficient|thin|weak|suggest(?:s|ed|ive)?|consider(?:ed|s)?|reasonabl[ey]|an option|options?|preferred"
    r"|conditional(?:ly)?|likely|unlikely|(?:very )?low[- ](?:certainty|quality)|moderate[- ](?:certainty|quality)|poor[- ]quality|usually|mostly|rare(?:ly)?|common(?:ly)?"
)
_HEDGE = Cue(
    words=re.compile(
        r"\b(?:may|might|could|can(?! not\b)|possibl[ey]|perhaps|probabl[ey]|appear(?:s|ed)? to|seem(?:s|ed)? to|appears?|seems?|suggest(?:s|ed|ing)? that"
        r"|potential(?:ly)?|preliminary|trend(?:s|ed)? (?:to|towards?)|limited evidence|weak evidence|often|generally|typically|sometimes|frequently|occasionally|mainly|largely"
        rf"|in some|some|many|most|a few|tends? to|capable of|thought to|believed to|in part|partly|{_PREDICATES})\b"
    ),
    skip=re.compile(
        r"\bmay \d{4}\b|\bmost (?:common|recent|important|severe|likely|sensitive)\b|\bat most\b|\bas (?:many|often) as\b|\bnot (?:likely|uncommon)\b|\bweak recommendation"
        r"|\bor options\b|\bmay not be\b(?= safe| suit)"
    ),
    predicate=re.compile(_PREDICATES + r"|appears?|seems?|may|might|could|can|possibl|probabl"),
    open=re.compile(r"(?!)"),
    noun=re.compile(r"(?!)"),
)
_PROOF = (
    ("certain", r"prov(?:e|es|ed|en)\b|proof|conclusive\w*|definit(?:e|ely|ive|ively)|certain(?:ly|ty)?\b|undoubted\w*|guarantee\w*|establish(?:ed|es)|unequivocal\w*|confirm(?:s|ed|ing)?"),
    ("always", r"always|invariably|in all (?:cases|patients|people)|all (?:patients|people|cases|adults|children|women|men)|every (?:patient|person|case|adult|child)|everyone|never fails"),
    ("mostly", r"(?<!at )most\b|usually|the majority"),
    ("will", r"will\b"),
    ("safe", r"safe(?:ly|ty)?\b|harmless|without risk|risk-free"),
    ("cure", r"cur(?:e|es|ed|ing|ative)\b"),
    ("excludes", r"rul(?:e|es|ed|ing) out|exclud(?:e|es|ed|ing)"),
    ("clear", r"clear(?:ly)?\b|strong(?:ly)? (?:evidence|support\w*)|strong evidence|high[- ](?:certainty|quality)|overwhelming\w*|dramatic\w*|substantial\w*|marked(?:ly)?|significant(?:ly)?|highly"),
)  # fmt: skip
_PROOFS = [(name, re.compile(rf"\b(?:{words})")) for name, words in _PROOF]
_WIDER = {"mostly": ("mostly", "always"), "certain": ("certain",)}
_USUAL = re.compile(
    r"\b(?:most|mostly|usual(?:ly)?|majority|common(?:ly)?|typical(?:ly)?|general(?:ly)?|mainly|largely|all|always|almost)\b"
)


def faults(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """What a claim says more surely than its sentences."""
    mine = scopes(claim, _HEDGE)
    theirs = [scopes(said, _HEDGE) for said in cited]
    for word, hedged in strayed(claim, mine, cited, theirs):
        if not hedged:
            yield Fault(
                Reason.CERTAINTY, f"The source says “{word}” with a reserve that the claim leaves out."
            )
    for name, pattern in _PROOFS:
        found = pattern.search(claim.text)
        backing = _USUAL if name == "mostly" else pattern
        if found and not any(backing.search(said.text) for said in cited):
            yield Fault(Reason.CERTAINTY, f"No cited sentence is as sure as “{found[0]}”.")
