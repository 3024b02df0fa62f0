"""What is denied stays denied, and nothing else becomes so: which words "not" governs, by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consilium.pipeline.checks.alignment import saying
from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.scope import Cue, Scope, scopes, strayed
from consilium.pipeline.checks.wording import Wording, stem

_WORDS = re.compile(
    r"\b(?:not|never|cannot|no|without|neither|nor|none|nobody|nothing|lack(?:s|ed|ing)?(?: of)?|absence of"
    r"|fail(?:s|ed)? to|unable to|(?:recommend\w*|advi[sc]\w*|guid\w*|warn\w*|argue[sd]?|evidence|decid\w*"
    r"|or|mandatory|strongly|suggest\w*) against|avoid(?:s|ed|ing)?|contraindicate[sd]|withh(?:old|eld"
    r"|olding)"
    r"|refrain(?:s|ed)? from|free (?:of|from)|unlikely|(?:do|does|did|is|are|was|were|should|would|could"
    r"|must|ca|wo|has|have)n't|can't|won't"
    r"|rather than|instead of|in place of|preferred (?:to|over)|in preference to|ineligible|prohibit\w*"
    r"|exclud(?:e|es|ed|ing)|rules? out|ruled out"
    r"|unless|except|other than|apart from)\b"
)
_CUE = Cue(
    words=_WORDS,
    # A comparison is no negation ("no more than 3"), nor is "not only".
    skip=re.compile(
        r"\b(?:no|not) (?:more|less|fewer|greater|longer|later|earlier|higher|lower|older|younger) "
        r"than(?= \d| a | one| two| three| four| five| six| seven| eight| nine| ten| eleven| twelve| half)"
        r"|\bnot (?:only|just)\b(?=.*\bbut\b)|\bwhether or not\b|\bor not\b(?=\s?[,;.:()]|$)|\bno matter\b"
        r"|\bwith or without\b"
    ),
    predicate=re.compile(
        r"not|never|cannot|.*n't|avoided|contraindicated|withheld|unlikely|prohibited|excluded|ruled out"
        r"|.*against|none|neither|nor"
    ),
    open=re.compile(r"unless|except|other than|apart from|neither|nor"),
    noun=re.compile(r"without|lack|absence|free"),
    cancels=True,
)
_SOFT = re.compile(
    r"rather than|instead of|in place of|preferred|in preference|or against|unless|except|other than|apart"
    r"|nor\b|exclud|rule"
)
_ALIKE = re.compile(
    r"\b(?:similar\w*|alike|the same|comparable|unchanged|equivalent|equal(?:ly)?|non-?inferior\w*)\b"
)
_PREFIX = re.compile(r"(?:un|in|im|ir|il|dis|non)(?=[a-z]{4})")
# How much of a denied clause a claim has to repeat before a missing negation counts.
_MOST = 0.75


def faults(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """What a claim denies that its sentences affirm, or affirms that they deny."""
    mine, theirs = scopes(claim, _CUE), [scopes(said, _CUE) for said in cited]
    if _ALIKE.search(claim.text) and not any(
        "differ" in s.keys(claim) for s in mine
    ):  # "was similar" for "did not differ"
        theirs = [
            [s for s in found if "differ" not in s.keys(said)]
            for said, found in zip(cited, theirs, strict=True)
        ]
    mine = [s for s in mine if not _within_a_word(s, claim, cited)]
    theirs = [
        [s for s in found if not _within_a_word(s, said, [claim])]
        for said, found in zip(cited, theirs, strict=True)
    ]
    for word, denied in strayed(claim, mine, cited, theirs, _CUE):
        how = "denies" if denied else "affirms"
        yield Fault(Reason.NEGATION, f"The claim {how} “{word}”, the source does the opposite.")
    yield from _added(claim, mine, cited, theirs)
    yield from _lost(claim, mine, cited, theirs)
    yield from _excepted(claim, cited)
    yield from _prefixed(claim, cited)


def _within_a_word(scope: Scope, said: Wording, others: Sequence[Wording]) -> bool:
    """Whether others say the same by a prefix: "asymptomatic" for "without symptoms"."""
    stems = [said.words[n].stem for n in scope.inside if said.words[n].carries][:1]
    return any(
        len(base) > 4 and re.search(rf"\b(?:a|un|in|im|non-?){re.escape(base[:6])}", other.text)
        for base in stems
        for other in others
    )


def _added(
    claim: Wording, mine: Sequence[Scope], cited: Sequence[Wording], theirs: Sequence[Sequence[Scope]]
) -> Iterator[Fault]:
    """Negations of the claim about which no sentence denies anything, and more of them than the sentences have."""
    known = [
        saying(said, s.first, s.after, "") for said, found in zip(cited, theirs, strict=True) for s in found
    ]
    alike = sum(bool(_ALIKE.search(said.text)) for said in cited)
    hard = [scope for scope in mine if not _SOFT.match(scope.words)]
    for scope in hard:
        here = saying(claim, scope.first, scope.after, "")
        if not any(here.closeness(other) > 0 for other in known) and not (
            alike and "differ" in scope.keys(claim)
        ):
            yield Fault(
                Reason.NEGATION, f"No cited sentence denies what the claim does with “{scope.words}”."
            )
    firm = sum(not _SOFT.match(s.words) for found in theirs for s in found)
    spare = max(0, len(known) - firm - (len(mine) - len(hard)))
    if len(hard) > firm + alike + spare:
        yield Fault(
            Reason.NEGATION, f"The claim denies more than its sentences: {len(hard)} times, not {len(known)}."
        )


def _lost(
    claim: Wording, mine: Sequence[Scope], cited: Sequence[Wording], theirs: Sequence[Sequence[Scope]]
) -> Iterator[Fault]:
    """Negations of sentences whose whole clause the claim repeats, with fewer negations of its own."""
    stems = frozenset(word.stem for word in claim.words)
    repeated = [
        scope
        for said, found in zip(cited, theirs, strict=True)
        for scope in found
        if not _SOFT.match(scope.words)
        and (keys := scope.keys(said))
        and len(keys & stems) >= _MOST * len(keys)
    ]
    hard = sum(not _SOFT.match(s.words) for s in mine)
    soft = sum(bool(_SOFT.match(s.words)) for found in theirs for s in found)
    if len(repeated) > hard + max(0, len(mine) - hard - soft) + len(_ALIKE.findall(claim.text)):
        lost = " or ".join(f"“{scope.words}”" for scope in repeated)
        yield Fault(Reason.NEGATION, f"The claim leaves out {lost}.")


def _excepted(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """An exception ("unless it bleeds") that became a condition ("if it bleeds"), or the other way round."""
    pairs = [*((said, claim) for said in cited), *((claim, said) for said in cited)]
    denying = [any(not s.open for s in scopes(text, _CUE)) for text in (claim, *cited)]
    for here, there in pairs:
        for scope in scopes(here, _CUE):
            inside = [n for n in scope.inside if here.words[n].carries or here.words[n].text[0].isdigit()]
            known = there.keys | frozenset(word.stem for word in there.words)
            kept = bool(inside) and all(here.words[n].keys & known for n in inside)
            if scope.open and kept and not any(denying) and not any(s.open for s in scopes(there, _CUE)):
                yield Fault(Reason.NEGATION, f"“{scope.words}” is an exception on one side only.")


def _prefixed(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """One word with its prefix ("uncertain") against the same without: one with the prefix, the other without and not denied."""
    theirs = {word.stem for said in cited for word in said.words}
    denied = any(_WORDS.search(said.text) for said in (claim, *cited))
    mine = {word.stem for word in claim.words}
    for these, those, how in (
        (claim.words, theirs, "adds"),
        ([w for s in cited for w in s.words], mine, "leaves out"),
    ):
        own = theirs if how == "leaves out" else mine
        for word in these:
            prefix = _PREFIX.match(word.text)
            apart = prefix and any(
                re.search(rf"\b{prefix[0]}-{word.text[prefix.end() :]}", s.text) for s in (claim, *cited)
            )
            base = "" if apart else stem(word.text[prefix.end() :]) if prefix else ""
            if base and base in those and base not in own and word.stem not in those and not denied:
                yield Fault(Reason.NEGATION, f"The claim {how} the prefix of “{word.text}”.")
