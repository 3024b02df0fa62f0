"""Edits of what is claimed: a statement removed, reworded or added, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from consilium.domain.article import Article, Claim, Item, Role, Section, Support, SupportedClaim
from consilium.domain.evidence import Origin, Sentence, Source, SourceKind, StatementKind
from consilium.errors import EditRefused
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.compose import claim_of
from consilium.pipeline.fidelity import departures
from consilium.pipeline.revising.manuscript import (
    Manuscript,
    items_where,
    quoted,
    settled,
    without,
    words_of,
)
from consilium.pipeline.verify import QUOTATION, support_of, verify
from consilium.ports import Library

BOARD = "board"
TITLES = {"guidelines": "From the Guidelines", "research": "From the Research"}


def remove(manuscript: Manuscript, name: str, lexicon: Lexicon) -> Manuscript:
    """Take a statement out, and with it all that must not stand without it, which is told.

    Raises:
        EditRefused: nothing would be left in short, or nothing at all.
    """
    article = manuscript.article
    asked = manuscript.claim(name)
    gone = _together(article, name)
    in_short = without(article.in_short, gone)

    def kept(item: Item) -> Item | None:
        claims = without(item.claims, gone)
        return replace(item, claims=claims) if claims else None

    sections = items_where(article, kept)
    if not sections:
        raise EditRefused(
            "With what must not stand without it, this is all that the article says. Withdraw the article instead."
        )
    if not in_short:
        raise EditRefused(
            "Nothing would be left in short. Put another statement in short first, then remove this one."
        )
    made = replace(
        article,
        act_now=without(article.act_now, gone),
        in_short=in_short,
        sections=sections,
        claims=tuple(claim for claim in article.claims if claim.id not in gone),
    )
    also = [claim for claim in article.claims if claim.id in gone and claim.id != asked.id]
    told = tuple(f"{quoted(c)} went too: it must not stand without what was removed." for c in also)
    if _leads(article) and not _leads(made):
        told += ("Nothing leads the guidelines now. Let another recommendation lead, if one should.",)
    return settled(manuscript, made, lexicon, told=told)


def _leads(article: Article) -> bool:
    return any(item.role is Role.LEAD for section in article.sections for item in section.items)


def _together(article: Article, name: str) -> set[str]:
    """A claim and all that stands with it, and with those: paired either way, or in one item."""
    bonds = [{claim.id, partner} for claim in article.claims for partner in claim.claim.partners]
    bonds += [set(item.claims) for section in article.sections for item in section.items]
    found, size = {name}, 0
    while len(found) > size:
        size = len(found)
        found.update(*(bond for bond in bonds if bond & found))
    return found


def reword(
    manuscript: Manuscript, name: str, text: str, lexicon: Lexicon, *, verifier: str = BOARD
) -> Manuscript:
    """Say a statement in the board's words; it stands on the same sentences, as judged by ``verifier``.

    Its wording for every audience is made anew. The sentence's own words restore it to what it was.

    Raises:
        EditRefused: the words depart from the sentence in what can be checked, or cannot be shown.
    """
    old = manuscript.claim(name)
    words = words_of(text)
    own = old.claim.sentence
    if old.claim.text == words:
        return replace(manuscript, told=())
    if own.origin is Origin.INFERENCE:
        raise EditRefused(
            "This is Consilium's own inference. In other words it would pass for what its sources say. "
            "Remove it, or add the statements that it rests on."
        )
    if faults := list(departures(own.text, words, lexicon)):
        raise EditRefused(
            f"The new words say other than the sentence that they rest on: {', '.join(faults)}. "
            "Keep these as they stand in the sentence."
        )
    claim = replace(old.claim, text=words)
    if words == own.text:
        new = SupportedClaim(claim, support_of(claim), QUOTATION)
    else:
        new = SupportedClaim(claim, Support.ENTAILED, verifier)
    if any(claim.id == new.id for claim in manuscript.article.claims):
        raise EditRefused("Another statement of this article says that already. Remove one of the two.")
    return settled(manuscript, _renamed(manuscript.article, old, new), lexicon)


def _renamed(article: Article, old: SupportedClaim, new: SupportedClaim) -> Article:
    """The article with one claim in the place of another, wherever it is named."""

    def names(ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(new.id if name == old.id else name for name in ids)

    claims = (new if claim.id == old.id else claim for claim in article.claims)
    return replace(
        article,
        act_now=names(article.act_now),
        in_short=names(article.in_short),
        sections=items_where(article, lambda item: replace(item, claims=names(item.claims))),
        claims=tuple(replace(c, claim=replace(c.claim, partners=names(c.claim.partners))) for c in claims),
        disagreements=tuple(
            replace(t, positions=tuple(replace(p, claim=names([p.claim])[0]) for p in t.positions))
            for t in article.disagreements
        ),
    )


def add(manuscript: Manuscript, sentence: str, library: Library, lexicon: Lexicon) -> Manuscript:
    """Add a statement of the library as an answer would show it, at the end of its section.

    What must stand with it comes along, which is told.

    Raises:
        EditRefused: the library does not hold it, it may not be cited, or it is there already.
    """
    article = manuscript.article
    held = {claim.claim.sentence.id for claim in article.claims}
    if sentence in held:
        raise EditRefused(f"{sentence} is in this article already.")
    new: list[Claim] = []
    queue = [sentence]
    while queue:
        wanted = queue.pop(0)
        if wanted in held:
            continue
        held.add(wanted)
        claim = _citable(wanted, sentence, article, library)
        new.append(claim)
        queue += claim.sentence.pairs_with
    supported, unsound = verify(new)
    if unsound:
        raise EditRefused(f"{unsound[0].sentence.id} cannot stand on the sentences that it cites.")
    made = replace(
        article,
        sections=_appended(article.sections, supported),
        claims=_paired((*article.claims, *supported)),
    )
    told = tuple(f"{quoted(c)} came too: the two must stand together." for c in supported[1:])
    return settled(manuscript, made, lexicon, told=told)


def _citable(wanted: str, asked: str, article: Article, library: Library) -> Claim:
    """The claim of a statement that the library holds and that may be cited here."""
    with_it = "" if wanted == asked else f", which must stand with {asked},"
    found, source = library.sentence(wanted), library.source(wanted.split("#", maxsplit=1)[0])
    if found is None or source is None:
        raise EditRefused(f"The library holds no statement {wanted}. Choose one that it holds.")
    claim = claim_of(found, source, library)
    for work, _ in claim.cited:
        if not work.status.may_be_cited:
            raise EditRefused(f"{wanted}{with_it} rests on {work.id}, which is {work.status.value}.")
        _same_version(work, article)
    return claim


def _same_version(work: Source, article: Article) -> None:
    cited = next((r.source for r in article.references if r.source.id == work.id), None)
    if cited and cited.version != work.version:
        raise EditRefused(
            f"This article cites {work.id} as it was in version {cited.version}; the library now holds "
            f"version {work.version}. Remove what rests on the earlier version first, or ask anew."
        )


def _appended(sections: Sequence[Section], claims: Sequence[SupportedClaim]) -> tuple[Section, ...]:
    items = {section.id: section.items for section in sections}
    for claim in claims:
        where = home_of(claim.claim.source)
        items[where] = (*items.get(where, ()), Item(role_in(where, claim.claim.sentence), (claim.id,)))
    titles = TITLES | {section.id: section.title for section in sections}
    return tuple(Section(name, titles[name], items[name]) for name in TITLES if name in items)


def home_of(source: Source) -> str:
    """The section in which an answer shows what a source says."""
    return "research" if source.kind is SourceKind.STUDY else "guidelines"


def role_in(section: str, sentence: Sentence) -> Role:
    """What a statement that does not lead does in its section."""
    if section == "guidelines":
        return Role.KEY_POINT
    return Role.CONTEXT if sentence.origin is Origin.INFERENCE else Role.FINDING


def _paired(claims: Sequence[SupportedClaim]) -> tuple[SupportedClaim, ...]:
    """Every claim beside its partners: those that it had, and those that have come."""
    by_sentence = {claim.claim.sentence.id: claim.id for claim in claims}

    def partners(claim: Claim) -> tuple[str, ...]:
        come = [by_sentence[s] for s in claim.sentence.pairs_with if s in by_sentence]
        return tuple(dict.fromkeys([*claim.partners, *come]))

    return tuple(replace(c, claim=replace(c.claim, partners=partners(c.claim))) for c in claims)


def leave_out(manuscript: Manuscript, gaps: Sequence[str], lexicon: Lexicon) -> Manuscript:
    """Say what the answer leaves out, all of it anew.

    Raises:
        EditRefused: a line is empty, too long, or not plain text.
    """
    made = replace(manuscript.article, gaps=tuple(dict.fromkeys(words_of(gap) for gap in gaps)))
    return settled(manuscript, made, lexicon)


def recommends(claim: SupportedClaim) -> bool:
    """Whether a statement is advice."""
    return claim.claim.kind is StatementKind.RECOMMENDATION
