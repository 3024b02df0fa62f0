"""By which way a drug is given: what is injected into a muscle is not injected into a vein."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consilium.pipeline.checks.faults import Fault, Reason

_WAYS = {
    "by mouth": r"oral(?:ly)?|by mouth|per os|po|tablets?|capsules?|swallow\w*|chew\w*|enteral\w*",
    "into a vein": r"intravenous(?:ly)?|iv|infus\w*|into (?:a|the) vein|bolus\w*|parenteral\w*|drip",
    "into a muscle": r"intramuscular(?:ly)?|im|into (?:a|the) muscle|parenteral\w*",
    "under the skin": r"subcutaneous(?:ly)?|sc|under the skin|pens?",
    "into the spine": r"intrathecal(?:ly)?|epidural(?:ly)?|spinal",
    "on the skin": (
        r"topical(?:ly)?|creams?|ointments?|gels?|patch(?:es)?|transdermal(?:ly)?|lotions?|plasters?"
        r"|emollients?"
    ),
    "by breath": r"inhal\w*|nebuli[sz]\w*|puffs?|spacers?",
    "into the nose": r"(?:intra)?nasal(?:ly)?|nose|nostrils?",
    "into the rectum": r"rectal(?:ly)?|suppositor\w*|enemas?",
    "into the vagina": r"vaginal(?:ly)?|pessar\w*",
    "under the tongue": r"sublingual(?:ly)?|buccal(?:ly)?|under the tongue",
    "into a bone": r"intraosseous(?:ly)?",
    "into a joint": r"intra-?articular(?:ly)?",
}
_PATTERNS = {way: re.compile(rf"\b(?:{words})\b") for way, words in _WAYS.items()}
# Only words that name the way and nothing else tell it of a claim.
_NAMED = re.compile(
    r"\b(?:oral|intravenous|intramuscular|subcutaneous|intrathecal|topical|transdermal|rectal|sublingual"
    r"|buccal|intraosseous"
    r"|intra-?articular|intranasal)(?:ly)?\b|\b(?:by mouth|iv|inhaled)\b"
)


def faults(claim: str, cited: str) -> Iterator[Fault]:
    """Ways of giving that the sentences do not name."""
    for found in _NAMED.finditer(claim):
        ways = [way for way, pattern in _PATTERNS.items() if pattern.search(found[0])]
        if not any(_PATTERNS[way].search(cited) for way in ways):
            yield Fault(Reason.ROUTE, f"No cited sentence says “{found[0]}”.")
