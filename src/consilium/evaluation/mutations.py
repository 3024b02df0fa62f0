"""Claims made false on purpose, one change each: what the checks of a claim have to catch.

The tables here are their own: a check that shares its words with what it is measured by would measure itself.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.recognise import read

NUMBER, UNIT, COMPARATOR, ADDED, REMOVED, DIRECTION, DRUG, ANATOMY, PEOPLE, STRENGTH, CERTAINTY, CONDITION, CAUSE = (
    "number", "unit", "comparator", "negation added", "negation removed", "direction", "drug swapped", "anatomy swapped",
    "population swapped", "strength raised", "certainty raised", "condition dropped", "association made cause",
)  # fmt: skip
KINDS = (
    NUMBER,
    UNIT,
    COMPARATOR,
    ADDED,
    REMOVED,
    DIRECTION,
    DRUG,
    ANATOMY,
    PEOPLE,
    STRENGTH,
    CERTAINTY,
    CONDITION,
    CAUSE,
)
# The shares that have to be caught, where one was set.
GOALS = {NUMBER: 0.99, UNIT: 0.99, DRUG: 0.99, STRENGTH: 0.99, ADDED: 0.95, REMOVED: 0.95, DIRECTION: 0.95}
Make = Callable[[re.Match[str]], str]
Rule = tuple[re.Pattern[str], str | Make]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A claim with one change that makes it false, or no longer what its sentences say."""

    kind: str
    text: str


def _swaps(pairs: str, *, both: bool = True) -> list[Rule]:
    """Pairs ("a/b c/d") as rules that put b for a, and a for b; an underscore is a space."""
    made: list[Rule] = []
    for pair in pairs.split():
        one, other = (part.replace("_", " ") for part in pair.split("/"))
        made.append((re.compile(rf"(?<![\w-]){re.escape(one)}(?![\w-])", re.IGNORECASE), other))
        if both:
            made.append((re.compile(rf"(?<![\w-]){re.escape(other)}(?![\w-])", re.IGNORECASE), one))
    return made


def _units() -> list[Rule]:
    swaps = (
        "mg/g g/mg kg/g micrograms/milligrams microgram/milligram mL/L hours/days hour/day days/weeks weeks/months months/years years/months "
        "minutes/hours mmHg/kPa mg@dL/mmol@L mmol@L/mg@dL ng@L/ng@mL ng@mL/ng@L mg@kg/mg@day mL@kg/mL@day daily/weekly IU/mg cm/mm mm/cm"
    )
    made: list[Rule] = []
    for pair in swaps.split():
        one, other = (part.replace("@", "/") for part in pair.split("/"))
        made.append((re.compile(rf"(?<=\d )(?:{re.escape(one)})(?![\w/-])"), other))
        made.append(
            (re.compile(rf"(?<=\d-){re.escape(one.removesuffix('s'))}(?![\w/-])"), other.removesuffix("s"))
        )
    return [
        *made,
        *_swaps(
            "twice_daily/once_daily once_daily/twice_daily a_day/a_week daily/weekly weekly/daily", both=False
        ),
    ]


_DIRECTIONS = (
    "increase/decrease increased/decreased increases/decreases increasing/decreasing raise/lower raised/lowered raises/lowers higher/lower more/fewer "
    "greater/smaller longer/shorter better/worse improve/worsen improved/worsened improves/worsens before/after start/stop starting/stopping "
    "started/stopped rose/fell reduce/increase reduced/increased reduces/increases reducing/increasing reduction/increase less/more fell/rose early/late "
    "fall/rise falls/rises high/low enhances/reduces enhanced/reduced promotes/inhibits inhibits/promotes activates/suppresses benefit/harm harmful/beneficial"
)
_COMPARATORS = (
    "at_least/at_most up_to/at_least more_than/less_than or_more/or_less or_over/or_under over/under above/below or_older/or_younger within/after "
    "and_over/and_under no_more_than/more_than at_most/at_least"
)
_VERBS = {
    "reduces": "reduce", "reduced": "reduce", "increases": "increase", "increased": "increase", "lowers": "lower", "lowered": "lower",
    "improves": "improve", "improved": "improve", "causes": "cause", "caused": "cause", "prevents": "prevent", "requires": "require",
    "plays": "play", "leads": "lead", "affects": "affect", "induces": "induce", "recommends": "recommend", "raised": "raise",
    "includes": "include", "include": "include", "contributes": "contribute", "regulates": "regulate", "promotes": "promote",
}  # fmt: skip
_ACTS = (
    "Give|Use|Start|Stop|Offer|Treat|Test|Screen|Refer|Measure|Take|Add|Keep|Check|Do|Monitor|Admit|Transfuse|Observe|Continue|Repeat|Avoid"
    "|Consider|Image|Transfer|Obtain|Perform|Reverse|Withhold|Prescribe|Record|Begin"
)
_RULES: dict[str, list[Rule]] = {
    UNIT: _units(),
    COMPARATOR: [
        (re.compile(rf"{pattern.pattern}(?= (?:about )?[\d(])" if not pattern.pattern.startswith(r"(?<![\w-])or\ ") else pattern.pattern, re.IGNORECASE), to)
        for pattern, to in _swaps(_COMPARATORS)
    ],
    DIRECTION: _swaps(_DIRECTIONS),
    REMOVED: [
        (re.compile(r"\b[Dd]o not (?:routinely )?(?=[a-z])"), ""), (re.compile(r"\b(do|does|did|is|are|was|were|should|may|can|could|must|has|have|will) not\b"), r"\1"),
        (re.compile(r"\bcannot\b"), "can"), (re.compile(r"(?<!or )\bwithout\b(?!,)"), "with"), (re.compile(r"\b(recommend\w*|advi[sc]e\w*) against\b"), r"\1"),
        (re.compile(r"\bno (?=[a-z])(?!more|less|fewer|longer)"), ""), (re.compile(r"\bnever\b"), "always"), (re.compile(r"\bAvoid\b"), "Use"),
        (re.compile(r"\bavoid\b"), "use"), (re.compile(r"(?<!or )\bnot (?!only|more|less)(?=[a-z])"), ""),
    ],
    ADDED: [
        (re.compile(r"\b(is|are|was|were|should|may|can|could|must|will) (?!not\b|no\b|never\b|unlikely)(?=[a-z])"), r"\1 not "),
        (re.compile(rf"(?:(?<=^)|(?<=: )|(?<=; ))(?:{_ACTS}|{_ACTS.lower()})\b(?! not)"), lambda m: f"do not {m[0].lower()}"),
        (re.compile(rf"\b(?:{'|'.join(_VERBS)})\b(?! by\b)(?<!not )"), lambda m: f"{'did' if m[0].endswith('ed') else 'does'} not {_VERBS[m[0]]}"),
        (re.compile(r"\bwith (?=[a-z])(?!or\b|the\b|a\b|caution)"), "without "),
    ],
    STRENGTH: [
        (re.compile(r"\b(?:may|can|could|might) be (?=used|given|considered|offered|tried|added|started)"), "should be "),
        (re.compile(r"\b[Cc]onsider (?=[a-z])"), "Give "), (re.compile(r"\b(is|are) suggested\b"), r"\1 recommended"),
        (re.compile(r"\bsuggests?\b(?! that)"), "recommends"), (re.compile(r"\bshould\b"), "must"), (re.compile(r"\b(is|are) recommended\b"), r"\1 mandatory"),
        (re.compile(r"\b(?:conditional|weak) recommendation"), "strong recommendation"), (re.compile(r"\bconditionally\b"), "strongly"),
        (re.compile(r"\brecommends\b"), "strongly recommends"), (re.compile(r"\b(is|are) (?:an option|options)\b"), r"\1 the treatment of choice"),
        (re.compile(r"\b(is|are) preferred\b"), r"\1 mandatory"), (re.compile(r"\bmay be appropriate\b"), "is required"),
        (re.compile(r"\breasonable\b"), "essential"), (re.compile(r"\bacceptable\b"), "recommended"),
    ],
    CERTAINTY: [
        (re.compile(r"\b(?:may|might|could) (?!be (?:used|given|considered|offered|tried|added|started))(?=[a-z])"), "will "),
        (re.compile(r"\b(?:probably|possibly|perhaps|usually|often|generally|likely|typically|sometimes|rarely) "), ""),
        (re.compile(r"\bappears? to\b"), "does"), (re.compile(r"\b(?:very )?low[- ](certainty|quality)"), r"high-\1"), (re.compile(r"\buncertain\b"), "certain"),
        (re.compile(r"\b(?:suggests?|suggested) that\b"), "proves that"), (re.compile(r"\b(?:most|some|many) (?=[a-z]+s\b)"), "all "), (re.compile(r"\bunclear\b"), "clear"),
    ],
    CAUSE: [
        (re.compile(r"\b(?:is|are|was|were) (?:\w+ly )?associated with\b"), "causes"), (re.compile(r"\b(?:is|are|was|were) linked (?:to|with)\b"), "leads to"),
        (re.compile(r"\bcorrelate[sd]? with\b"), "causes"),
    ],
    PEOPLE: [
        *_swaps("adults/children women/men infants/adolescents adult/child pregnant/postmenopausal neonates/adults children/adults"),
        (re.compile(r"\bpatients\b"), "healthy volunteers"), (re.compile(r"\b[Oo]lder (?:people|adults)\b"), "young adults"), (re.compile(r"\bpeople\b"), "infants"),
        (re.compile(r"\b(?:mice|mouse|rats)\b"), "women"),
    ],
    CONDITION: [
        (re.compile(r",? (?:only )?(?:if|when|unless|except|until|provided)\b[^,;.:()]*(?=[,;.]|$)"), ""), (re.compile(r"\bonly (?=after|if|when|for|in|to)"), ""),
        (re.compile(r"^(?:If|When|Unless|Where) [^,;:.]*[,:] "), ""), (re.compile(r"^(?:In|For|Among) [^,;:.]*?(?:adults|patients|people|women|men|children|infants)[^,;:.]*[,:] "), ""),
        (re.compile(r"^(?:\w+ )?(?:Adults|Patients|People|Women|Men|Children|Infants|adults|children|women)\b[^,;:.]*: "), ""),
        (re.compile(r" in (?:\w+ )?(?:patients|adults|people|women|men|children|those) (?:with|who|aged) [^,;.:()]*(?=[,;.]|$)"), ""),
    ],
}  # fmt: skip
_DIGITS = re.compile(r"(?<![\w.,/-])\d+(?:[.,]\d+)*(?![\w/]*[a-z]\d|\.\d)")
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve")
_COUNT = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b(?!-)")


def mutants(text: str, lexicon: Lexicon, chance: random.Random) -> Iterator[Mutant]:
    """One mutant of each kind that a claim has the words for."""
    made = {kind: [text[: m.start()] + (to(m) if callable(to) else m.expand(to)) + text[m.end() :]
                   for pattern, to in rules for m in pattern.finditer(text)] for kind, rules in _RULES.items()}  # fmt: skip
    made[NUMBER] = list(_numbers(text, chance))
    made[DRUG] = list(_named(text, lexicon, "drug", chance))
    made[ANATOMY] = list(_named(text, lexicon, "anatomy", chance))
    for kind in KINDS:
        found = [
            t
            for t in dict.fromkeys(made[kind])
            if t.strip().lower() != text.strip().lower() and len(t.split()) > 3
        ]
        if found:
            yield Mutant(kind, chance.choice(found))


def _numbers(text: str, chance: random.Random) -> Iterator[str]:
    for match in _DIGITS.finditer(text):
        yield text[: match.start()] + _other(match[0], chance) + text[match.end() :]
    for match in _COUNT.finditer(text):
        other = chance.choice([word for word in _WORDS if word != match[0]])
        yield text[: match.start()] + other + text[match.end() :]


def _other(number: str, chance: random.Random) -> str:
    """Another number of the same form: ten times as much, a digit changed, two digits swapped."""
    digits = [place for place, sign in enumerate(number) if sign.isdigit()]
    place = chance.choice(digits)
    turned = str((int(number[place]) + chance.randint(1, 9)) % 10)
    changed = number[:place] + turned + number[place + 1 :]
    if "." in number or "," in number or chance.random() < 0.6:
        return (
            changed
            if changed.lstrip("0.,") != number.lstrip("0.,") and changed.strip("0.,")
            else number + "1"
        )
    return chance.choice([number + "0", str(int(number) + 1), str(int(number) * 2) if int(number) else "1"])


def _named(text: str, lexicon: Lexicon, kind: str, chance: random.Random) -> Iterator[str]:
    """The text with one name replaced by another of its class, or of its kind where it has none."""
    mentions = read(text, lexicon).mentions
    named = {mention.concept for mention in mentions}
    for mention in mentions:
        if lexicon.concepts[mention.concept].kind != kind:
            continue
        near = _siblings(mention.concept, lexicon, kind) - named - lexicon.up(frozenset(named))
        others = sorted(other for other in near if _new(lexicon.name(other), text))
        if others:
            other = lexicon.name(chance.choice(others))
            yield text[: mention.start] + other + text[mention.end :]


def _new(name: str, text: str) -> bool:
    """Whether no part of a name stands in a text already: "sofosbuvir" in "sofosbuvir-velpatasvir"."""
    return not any(part in text.lower() for part in re.findall(r"\w{4,}", name.lower()))


def _siblings(concept: str, lexicon: Lexicon, kind: str) -> set[str]:
    parents = lexicon.concepts[concept].is_a
    near = {
        child
        for parent in parents
        for child in lexicon.children.get(parent, ())
        if lexicon.concepts[child].kind == kind
    }
    near -= {concept, *lexicon.children.get(concept, ())}
    if near or kind == "drug":
        return near
    return {c.id for c in lexicon.concepts.values() if c.kind == kind} - {
        concept,
        *lexicon.children.get(concept, ()),
    }


def chance_of(seed: int, name: str) -> random.Random:
    """The source of chance for one claim, the same in every run."""
    return random.Random(f"{seed}:{name}")  # noqa: S311 - nothing is kept secret by it
