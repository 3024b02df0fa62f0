"""How much of a question a sentence covers, concept by concept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from consilium.domain.evidence import Annotation
from consilium.domain.question import Intent, Plan, Term
from consilium.lexicon.concepts import Concept, Lexicon
from consilium.lexicon.normalise import fold, key
from consilium.pipeline import tables
from consilium.pipeline.clauses import clauses_of
from consilium.pipeline.subject import Subject, SubjectReader

# Shares by where a concept is met: in the sentence, or only in its heading, title or topics;
# by itself or a kind of it, by a concept declared compatible, or by a wider one.
_SHARE = {"own": (1.0, 0.75), "compatible": (0.7, 0.5), "wider": (0.5, 0.35)}
_WORDS_ONLY = 0.8
# A kind of the concept asked about counts a little less than the concept itself, unless several
# kinds are named together, as in a list of signs.
_BY_KIND, _EACH_MORE, _MOST_KINDS = 0.8, 0.06, 4
_NARROW_FAMILY = 12
HEADS = frozenset({"condition", "drug", "class", "vaccine", "organism", "sign", "procedure", "word", "plain"})
MET = 0.35


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of the question that is covered (0 to 1), and the heads that are not.

    Attributes:
        core: the share without what only describes the setting.
        topic: the share of the heads alone (conditions, drugs, signs, procedures).
        aliens: conditions that the sentence names and that the question has nothing to do with.
        elsewhere: whether the source is about the topic, but the sentence about another condition.
        in_passing: whether the sentence names the topic, but its source is about another condition.
        kin_only: whether no head is met by itself, only by a compatible or wider concept.
        cousin_only: whether not even what a head is a kind of is named: mania is not depression.
        subject: what the sentence is about, beside what it names.
    """

    share: float
    missed: tuple[Term, ...]
    core: float = 0.0
    topic: float = 0.0
    aliens: int = 0
    kin_only: bool = False
    cousin_only: bool = False
    in_passing: bool = False
    elsewhere: bool = False
    subject: Subject = field(default_factory=Subject)


class Coverer:
    """Measures sentences against one plan; remembers what it has looked up.

    Attributes:
        heads: the topics that a sentence has to meet.
        family: the question's concepts with what they are kinds of and what is compatible.
    """

    def __init__(self, plan: Plan, lexicon: Lexicon) -> None:
        """Prepare for ``plan``."""
        self._lexicon = lexicon
        self._terms = plan.terms
        # What holds of a class need not hold of one drug's dose or harm.
        self._exact = plan.intent in {Intent.DOSING, Intent.HARM}
        self._clauses = [_grouped(terms) for terms in clauses_of(plan.terms)] or [[]]
        self._asked = frozenset(plan.concepts())
        self.family = self._asked.union(
            *(lexicon.ancestors[c] | set(lexicon.concepts[c].compatible) for c in self._asked)
        )
        topics = [t for t in plan.terms if t.concept and not t.context]
        self.heads = frozenset(t.concept for t in topics if t.concept and t.kind in HEADS)
        asked = [lexicon.concepts[t.concept] for t in topics if t.concept and t.kind == "condition"]
        self._subjects = SubjectReader(lexicon, self._asked, self.family, self.heads)
        self._above = self.heads.union(*(self._nearest(head) for head in self.heads))
        self._kin = frozenset(name for c in asked for name in (c.id, *c.compatible))
        self._parents = frozenset(p for c in asked for p in c.is_a if self._narrow(p))

    def measure(self, note: Annotation) -> Coverage:
        """The coverage of one annotated sentence: of the thing asked that it covers best."""
        named, around = self._lexicon.up(note.text), self._lexicon.up(note.context)
        best = max(
            (self._clause(groups, note, named, around) for groups in self._clauses),
            key=lambda one: (not one.missed, one.share),
        )
        kin_only = bool(self.heads) and not self.heads & (named | around)
        return replace(
            best,
            aliens=self._aliens(note.text),
            kin_only=kin_only,
            cousin_only=kin_only and not self._above & (named | around),
            in_passing=self._in_passing(note, around),
            elsewhere=self._elsewhere(note, named),
            subject=self._subjects.read(note, named, around),
        )

    def _elsewhere(self, note: Annotation, named: frozenset[str]) -> bool:
        """A sentence on giant cell arteritis is not one on Takayasu arteritis beside it."""
        return bool(self._kin) and not self._kin & named and self._aliens(note.text) > 0

    def _in_passing(self, note: Annotation, around: frozenset[str]) -> bool:
        """HIV in a sentence of a tetanus guideline does not make it one about HIV."""
        near = self._kin | self._parents
        return bool(self._kin) and not near & around and self._aliens(note.context) > 0

    def _clause(
        self,
        groups: list[list[Term]],
        note: Annotation,
        named: frozenset[str],
        around: frozenset[str],
    ) -> Coverage:
        total, covered, inner, core, missed = 0.0, 0.0, 0.0, 0.0, []
        topic, met = 0.0, 0.0
        for group in groups:
            best = max(self._met(term, note, named, around) for term in group)
            weight = max(term.weight for term in group)
            total += weight
            covered += best * weight
            if not all(term.context for term in group):
                inner += weight
                core += best * weight
            if any(term.kind in HEADS and not term.context for term in group):
                topic += weight
                met += best * weight
            if best < MET and any(term.kind in HEADS and not term.context for term in group):
                missed.append(group[0])
        share = covered / total if total else 0.0
        return Coverage(
            round(share, 4),
            tuple(missed),
            round(core / inner if inner else share, 4),
            round(met / topic if topic else 0.0, 4),
        )

    def _aliens(self, concepts: frozenset[str]) -> int:
        """Conditions outside the families that the question names."""
        lexicon = self._lexicon
        return sum(
            lexicon.concepts[c].kind == "condition"
            and c not in self.family
            and not lexicon.ancestors[c] & self._asked
            for c in concepts
        )

    def listed(self, note: Annotation) -> int:
        """How many kinds of the question's own concepts a sentence lists."""
        below = self._lexicon.children
        own = [t.concept for t in self._terms if t.concept and not t.context]
        return max((len(below.get(c, frozenset()) & note.text) for c in own), default=0)

    def _met(self, term: Term, note: Annotation, named: frozenset[str], around: frozenset[str]) -> float:
        if term.concept is None:
            return 1.0 if in_words(fold(term.words), note.words) else 0.0
        concept = self._lexicon.concepts[term.concept]
        wider = self._wider(concept)
        here, there = note.text, note.context
        if concept.kind == "drug":  # "do not give systemic corticosteroids" speaks of hydrocortisone
            here, there = self._classes(here), self._classes(there)
        # Evidence on one member of a class is none on another: ibuprofen is not diclofenac.
        strict = concept.kind in {"drug", "vaccine"}
        near, far = (note.text, note.context) if strict else (named, around)
        tests = (
            ("own", {concept.id}, named, around),
            # What was asked about besides is no stand-in: atrial fibrillation is not rate control.
            ("compatible", set(concept.compatible) - self._asked, near, far),
            ("wider", set(wider), here, there),
        )
        best = 0.0
        for how, wanted, inner, outer in tests:
            own, context = _SHARE[how]
            if wanted & inner:
                best = max(best, own * (self._kinds(concept.id, note) if how == "own" else 1.0))
            elif wanted & outer:
                best = max(best, context)
        if best < _WORDS_ONLY and all(in_words(w, note.words) for w in key(term.words)):
            best = _WORDS_ONLY
        return best

    def _nearest(self, head: str) -> set[str]:
        """What a head is a kind of: advice on a class is advice on its drugs, however many they are."""
        concept = self._lexicon.concepts[head]
        if concept.kind == "drug":
            return self._wider(concept)
        return {parent for parent in concept.is_a if self._narrow(parent)}

    def _wider(self, concept: Concept) -> set[str]:
        """The parents that still say much: "infection" says little about one infection."""
        roomy = concept.kind in {"test", "procedure", "device", "class", "drug", "vaccine"}
        if concept.kind == "drug":
            above = self._lexicon.ancestors[concept.id]
            return set() if self._exact else set(above) - set(tables.load("modifiers")["too_broad"])
        return {p for p in concept.is_a if roomy or self._narrow(p)}

    def _classes(self, concepts: frozenset[str]) -> frozenset[str]:
        """The classes of drugs among concepts, with the classes above them."""
        named = frozenset(c for c in concepts if self._lexicon.concepts[c].kind == "class")
        return self._lexicon.up(named)

    def _narrow(self, parent: str) -> bool:
        return self._lexicon.family(parent) <= _NARROW_FAMILY

    def _kinds(self, concept: str, note: Annotation) -> float:
        if concept in note.text:
            return 1.0
        below = self._lexicon.children.get(concept, frozenset())
        return _BY_KIND + _EACH_MORE * (min(len(below & note.text), _MOST_KINDS) - 1)


def _grouped(terms: Sequence[Term]) -> list[list[Term]]:
    groups: dict[object, list[Term]] = {}
    for position, term in enumerate(terms):
        name = ("or", term.either) if term.either is not None else ("one", position)
        groups.setdefault(name, []).append(term)
    return list(groups.values())


def in_words(word: str, words: frozenset[str]) -> bool:
    """Whether a word, or one of the same long stem, is among folded words."""
    if word in words:
        return True
    if len(word) < 6:
        return False
    stem = word[: max(5, len(word) - 3)]
    return any(w.startswith(stem) and abs(len(w) - len(word)) <= 4 for w in words)
