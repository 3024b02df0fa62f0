"""What is denied stays denied, and nothing else becomes so: which words "not" governs, by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consilium.pipeline.checks.alignment import saying
from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.scope import Scope, scopes, strayed
from consilium.pipeline.checks.wording import Wording, stem

_CUE = re.compile(
    r"\b(?:not|never|cannot|no|without|neither|nor|none|nobody|nothing|lack(?:s|ed|ing)?(?: of)?|absence of|absent"
    r"|fail(?:s|ed)? to|unable to|against|avoid(?:s|ed|ing|ance)?|contraindicated|contraindicates|withh(?:old|eld)\w*"
    r"|refrain(?:s|ed)? from|free (?:of|from)|unlikely|(?:do|does|did|is|are|was|were|should|would|could|must|ca|wo|has|have)n't|can't|won't"
    r"|rather than|instead of|in place of|preferred (?:to|over)|in preference to|omit(?:s|ted|ting)?|ineligible|prohibit\w*|exclud(?:e|es|ed|ing)|rules? out|ruled out)\b"
)
# A comparison is no negation ("no more than 3"), nor is "not only".
_SKIP = re.compile(
    r"\b(?:no|not) (?:more|less|fewer|greater|longer|later|earlier|higher|lower|older|younger) than(?= \d| one| two| three| half)"
    r"|\bnot (?:only|just)\b|\b(?:whether )?or not\b|\bno matter\b|\bagainst (?=placebo|mri|pneumo|the reference|whooping|influenza|hep|measles|tetanus|covid|rsv|diphtheria|polio|hpv)"
)
_SOFT = re.compile(r"rather than|instead of|in place of|preferred|in preference|against")
_ALIKE = re.compile(
    r"\b(?:similar\w*|alike|the same|comparable|unchanged|equivalent|equal(?:ly)?|non-?inferior\w*)\b"
)
_PREFIX = re.compile(r"(?:un|in|im|ir|il|dis|non)(?=[a-z]{4})")
_MOST = 0.6


def faults(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """What a claim denies that its sentences affirm, or affirms that they deny."""
    mine, theirs = scopes(claim, _CUE, _SKIP), [scopes(said, _CUE, _SKIP) for said in cited]
    for word, denied in strayed(claim, mine, cited, theirs):
        how = "denies" if denied else "affirms"
        yield Fault(Reason.NEGATION, f"The claim {how} “{word}”, the source does the opposite.")
    yield from _added(claim, mine, cited, theirs)
    yield from _lost(claim, mine, cited, theirs)
    yield from _prefixed(claim, cited)


def _added(
    claim: Wording, mine: Sequence[Scope], cited: Sequence[Wording], theirs: Sequence[Sequence[Scope]]
) -> Iterator[Fault]:
    """Negations of the claim about which no sentence denies anything."""
    known = [
        saying(said, s.first, s.after, "") for said, found in zip(cited, theirs, strict=True) for s in found
    ]
    alike = any(_ALIKE.search(said.text) for said in cited)
    for scope in mine:
        here = saying(claim, scope.first, scope.after, "")
        if not any(here.closeness(other) > 0 for other in known) and not (
            alike and "differ" in scope.keys(claim)
        ):
            yield Fault(
                Reason.NEGATION, f"No cited sentence denies what the claim does with “{scope.words}”."
            )


def _lost(
    claim: Wording, mine: Sequence[Scope], cited: Sequence[Wording], theirs: Sequence[Sequence[Scope]]
) -> Iterator[Fault]:
    """Negations of a sentence, most of whose clause the claim repeats without any."""
    if mine or _ALIKE.search(claim.text):
        return
    for said, found in zip(cited, theirs, strict=True):
        for scope in found:
            clause = scope.keys(said)
            if not _SOFT.match(scope.words) and clause and len(clause & claim.keys) >= _MOST * len(clause):
                yield Fault(Reason.NEGATION, f"The claim leaves out “{scope.words}”.")


def _prefixed(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """ "Uncertain" against "certain": one with the prefix, the other without and not denied."""
    theirs = {word.stem for said in cited for word in said.words}
    denied = any(_CUE.search(said.text) for said in (claim, *cited))
    mine = {word.stem for word in claim.words}
    for these, those, how in (
        (claim.words, theirs, "adds"),
        ([w for s in cited for w in s.words], mine, "leaves out"),
    ):
        own = theirs if how == "leaves out" else mine
        for word in these:
            prefix = _PREFIX.match(word.text)
            base = stem(word.text[prefix.end() :]) if prefix else ""
            if base and base in those and base not in own and word.stem not in those and not denied:
                yield Fault(Reason.NEGATION, f"The claim {how} the prefix of “{word.text}”.")
