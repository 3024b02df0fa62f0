"""What goes together in a sentence does not become cause and effect in a claim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.wording import Wording

_LINKED = re.compile(
    r"\b(?:associat\w*|link(?:ed|s)?|correlat\w*|relat(?:ed|ionship) (?:to|between|with)|related|predict\w*|risk factors?|marker of|goes? with|went with|cohort|observational)\b"
)
_CAUSES = re.compile(
    r"\b(?:caus(?:e|es|ed|ing|al|ative)|leads? to|led to|leading to|results? in|resulted in|due to|because of|owing to|responsible for|produc(?:e|es|ed)"
    r"|trigger(?:s|ed)?|brings? about|prevent(?:s|ed)?|protects?|protected|contribut\w+ to|gives? rise to|makes?|stops?|cures?)\b"
)
_ACTS = re.compile(
    r"\b(?:reduces?|reduced|lowers|lowered|increases?|increased|raises?|raised|decreases?|decreased|improves?|improved|worsens?|worsened|cuts?|halves|halved|doubles|doubled)"
    r"\s+(?:the |a |an |their |its )?(?:\w+ )?(?:risk|rate|incidence|odds|chance|likelihood|mortality|death|deaths|survival|\w+)"
)


# What a claim may sum up as "causes".
_ORIGIN = re.compile(
    r"\b(?:caus\w*|lead\w*|led to|results? in|resulted in|due to|because|owing|responsible|produc\w*|induc\w*|trigger\w*|bring\w*|gives?|gave|makes?|made|mediat\w*|driv\w*)\b"
)


def faults(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """Where a claim says that one thing does another, and its sentences only that they go together."""
    caused = re.search(r"\bcaus(?:e|es|ed|ing)\b", claim.text)
    if caused and not any(_ORIGIN.search(said.text) for said in cited):
        yield Fault(Reason.CAUSAL, f"No cited sentence says that one “{caused[0]}” the other.")
    if not any(_LINKED.search(said.text) for said in cited) or _LINKED.search(claim.text):
        return
    found = _CAUSES.search(claim.text)
    if found and not any(_CAUSES.search(said.text) for said in cited):
        yield Fault(Reason.CAUSAL, f"The source reports an association; the claim says “{found[0]}”.")
    acts = _ACTS.search(claim.text)
    if acts and not any(_ACTS.search(said.text) or _CAUSES.search(said.text) for said in cited):
        yield Fault(Reason.CAUSAL, f"The source reports an association; the claim says “{acts[0]}”.")
