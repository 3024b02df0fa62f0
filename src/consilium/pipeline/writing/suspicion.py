"""Words in a source that are meant for a machine and not for a reader: found, told, and never published."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote

from consilium.domain.evidence import Evidence, Reason, Rejection, Sentence, Source
from consilium.domain.measure import Measured
from consilium.pipeline.fidelity import is_plain
from consilium.pipeline.plain import without_unseen

_LOOKS_LIKE = str.maketrans(
    "аеорсухіјѕԁһӏԛԝᴀвкмнтАЕОРСУХІЈЅВКМНТαεορτυνικχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlqwabkmhtaeopcyxijsbkmhtaeoptuvikxabezhikmnoptyx",
)
_MIXED = re.compile(r"\b(?=\w*[a-zA-Z])(?=\w*\d)\w+\b|\b\d{1,2}\b(?=\s[a-zA-Z0-9]*\d)")
_LEET = str.maketrans("013457@$", "oieastas")
# Orders to a machine, in the languages in which they have been seen. Words of medicine alone never match:
# each pattern needs somebody addressed, or the machine's own things named.
_ORDERS = (
    r"(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instruction|prompt|rule|guardrail|polic(?:y|ies)|"
    r"(?:previous|prior|above|earlier|preceding)\b.{0,20}\b(?:text|message|passage|sentence|context|order|direction)|everything)",
    r"\b(?:system|developer|assistant|user|hidden|new)\s*(?:prompt|message|instruction|note to (?:the )?(?:model|ai))",
    r"(?:^|[.!?;|\[(<{#*>]\s?)(?:system|assistant|developer|user|human)\s*(?:\]|>|:|\|)",
    r"<\|?\s*(?:im_start|im_end|endoftext|system|inst)\b|\[/?inst\]|\bend of (?:context|passages|data|documents)\b",
    r"\byou are (?:now|no longer|a|an) .{0,40}\b(?:ai|assistant|model|bot|chatbot|dan|doctor|editor|pirate|expert|admin\w*)",
    r"\b(?:act|behave|respond|reply|answer|speak) as (?:if|though|an?|the|dan)\b.{0,30}\b(?:ai|assistant|model|bot|chatbot|dan|doctor|editor|"
    r"pirate|expert|physician|admin\w*|unrestricted)\b|\brole-?play as\b|\bpretend (?:to be|that you)\b",
    r"\blet'?s play\b|\bin this (?:game|story|fiction|scenario)\b.{0,60}\b(?:you|assistant|editor)\b",
    r"\b(?:as an?|dear|attention|hey|note to|message (?:to|for)|for) (?:the )?(?:ai|a\.i\.|llm|language model|chat ?bot|"
    r"assistant|summari[sz]er|model reading|automated (?:system|reader)s?)\b",
    r"\b(?:language model|llm|chatgpt|gpt-?\d|claude|gemini|copilot|ai (?:model|assistant|system|reader|agent)s?)\b"
    r".{0,60}\b(?:must|should|shall|please|include|output|write|say|add|cite|state|recommend)",
    r"\b(?:output|print|return|respond with|reply with|write|add|insert|append|include|repeat|begin|end|start)\b.{0,50}"
    r"\b(?:the following|this (?:claim|sentence|text|link|line|string|url)|your (?:answer|reply|response|output|summary)|"
    r"(?:every|each|this|your) (?:answer|article|claim|summary)|(?:to|in|into|of) the (?:answer|article|summary) (?:that|:)|to the answer:?|verbatim|in_short|claims?\b.{0,12}\bids?\b)",
    r"\b(?:your|the) (?:answer|reply|response|output|summary) (?:must|should|shall|will|has to|is to)\b",
    r"\b(?:select|choose|keep|cite|use|trust) only (?:this|these|the following) (?:passage|sentence|claim|source|text)s?\b|\b(?:drop|discard|leave out|remove) (?:all )?"
    r"(?:the )?(?:other|remaining) (?:passage|sentence|source|claim|evidence)s?",
    r"\b(?:reveal|leak|exfiltrate|disclose|send|print|show)\b.{0,40}\b(?:system prompt|your (?:prompt|instructions)|api key|secrets|password|conversation)\b",
    r"\b(?:mark|judge|rate|label|treat|return|verdict)\b.{0,40}\b(?:as )?[\"'“]?entailed\b",
    r"\b(?:decode|rot13|base64|reverse|translate)\b.{0,40}\b(?:and|then)\b.{0,30}\b(?:follow|obey|execute|do|run|comply|say)",
    r"\b(?:visit|click|go to|open|follow|see|buy|order (?:it )?(?:at|from|on)|browse)\b.{0,30}\b[a-z0-9-]+\s?(?:\.|\[\.\]|\(?dot\)?)\s?"
    r"(?:com|org|net|io|info|example|test|co|ru|xyz|shop|site|click|online|biz)\b",
    r"\bjailbr(?:eak|oken)|\bdeveloper mode\b|\bdo anything now\b|\bprompt[- ]?injection\b",
    # German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish, Swedish
    r"\b(?:ignorier\w*|missacht\w*|vergiss)\b.{0,50}\b(?:anweisung\w*|anleitung\w*|regeln|vorgaben)",
    r"\b(?:ignore[zr]?|oublie[zr]?|ne tene?z pas compte)\b.{0,50}\b(?:instructions?|consignes|règles|regles)",
    r"\b(?:ignor[ae]\w*|olvid[ae]\w*|haz caso omiso)\b.{0,50}\b(?:instrucciones|reglas|indicaciones)",
    r"\b(?:ignora\w*|dimentica\w*)\b.{0,50}\b(?:istruzioni|regole)",
    r"\b(?:ignor[ea]\w*|esque[çc]a\w*)\b.{0,50}\b(?:instru[çc][õo]es|regras)",
    r"\b(?:negeer|vergeet)\b.{0,50}\b(?:instructies|regels|aanwijzingen)",
    r"\b(?:zignoruj|zapomnij|pomi[ńn])\b.{0,50}\b(?:instrukcj\w*|polece\w*|zasad\w*)",
    r"\btalimatlar\w*\b.{0,40}\b(?:yok say|g[öo]rmezden|unut)",
    r"\b(?:ignorera|gl[öo]m)\b.{0,50}\b(?:instruktion\w*|regler\w*)",
)  # fmt: skip
# Scripts in which words have no such boundaries, or which are read before look-alikes are made Latin.
_FOREIGN = re.compile(
    "игнорируй|проигнорируй|забудь.{0,40}(?:инструкц|указан|правил)|忽略.{0,20}(?:指示|指令|说明|規則|规则|提示)|"
    "無視.{0,10}(?:して|し)|(?:指示|命令|指令).{0,10}無視|이전.{0,10}(?:지시|명령).{0,10}무시|تجاهل.{0,40}(?:تعليمات|التعليمات|أوامر)|"
    "(?:निर्देश|निर्देशों).{0,30}(?:अनदेखा|नज़रअंदाज़)|התעלם.{0,30}הוראות|bỏ qua.{0,30}(?:hướng dẫn|chỉ dẫn)|"
    "αγνό\\w*.{0,30}οδηγί|ignoruj.{0,30}(?:pokyny|instrukce)",
    re.IGNORECASE,
)
_ORDER = re.compile("|".join(f"(?:{pattern})" for pattern in _ORDERS), re.IGNORECASE | re.DOTALL)
_ENCODED = re.compile(
    r"[A-Za-z0-9+/_-]{24,}={0,2}|(?:[0-9a-fA-F]{2}[\s:]?){16,}|(?:%[0-9a-fA-F]{2}){6,}|(?:\\[ux][0-9a-fA-F]{2,4}){4,}"
)
_SPACED = re.compile(r"\b(?:\w[\s.*_-]){5,}\w\b")
_BARE_HOST = re.compile(
    r"\b[a-z0-9][a-z0-9-]*(?:\.|\[\.\]|\s?\(dot\)\s?)(?:com|org|net|io|info|example|invalid|test|ru|xyz|shop|site|click|online|biz)\b", re.IGNORECASE
)  # fmt: skip


_RULE = "words meant for a machine"


def suspicious(text: str) -> str | None:
    """Why a text reads as if it were meant for a machine, or None."""
    if not is_plain(text):
        return "carries a link, markup or hidden characters"
    if without_unseen(text) != text or any("\U000e0000" <= c <= "\U000e0fff" for c in text):
        return "carries hidden characters"
    if _FOREIGN.search(text):
        return "gives orders to a machine"
    for reading in dict.fromkeys(_readings(text)):
        if _ORDER.search(reading):
            return "gives orders to a machine"
    return None


def _readings(text: str) -> Iterator[str]:
    """A text as it stands, and as it may be meant: look-alikes, spaced letters, encodings, backwards."""
    plain = unicodedata.normalize("NFKC", html.unescape(unquote(text)))
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    latin = bare.translate(_LOOKS_LIKE)
    yield latin
    yield _MIXED.sub(lambda found: found.group().translate(_LEET), latin)
    yield _SPACED.sub(lambda found: re.sub(r"[\s.*_-]", "", found.group()), latin)
    yield re.sub(r"(?<=\w)[.*_|-](?=\w)", "", latin)
    yield codecs.encode(latin, "rot13")
    yield latin[::-1]
    for blob in _ENCODED.findall(text):
        yield from _decoded(blob)


def _decoded(blob: str) -> Iterator[str]:
    packed = re.sub(r"[\s:]", "", blob)
    if re.fullmatch(r"[0-9a-fA-F]+", packed) and len(packed) % 2 == 0:
        yield bytes.fromhex(packed).decode("utf-8", "replace")
    if "\\" in packed:
        yield codecs.decode(packed, "unicode_escape")
    try:
        padded = packed.replace("-", "+").replace("_", "/")
        yield base64.b64decode(padded + "=" * (-len(padded) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return


def suspects(sentences: Iterable[tuple[Source, Sentence]]) -> dict[str, str]:
    """The sentences that may not be published, by id, with the reason.

    What is split over neighbouring sentences of one work is found by reading them as one, and a work whose
    own title gives orders is wholly suspect.
    """
    by_source: dict[str, list[Sentence]] = {}
    works: dict[str, Source] = {}
    for source, sentence in sentences:
        works[source.id] = source
        by_source.setdefault(source.id, []).append(sentence)
    found: dict[str, str] = {}
    for name, own in by_source.items():
        found |= _in_work(works[name], sorted({s.id: s for s in own}.values(), key=_place))
    return found


def _in_work(source: Source, own: Sequence[Sentence]) -> dict[str, str]:
    named = " · ".join(filter(None, (source.title, source.authors, *source.organisation, source.journal)))
    if why := suspicious(named):
        return {sentence.id: f"its title {why}" for sentence in own}
    found = {s.id: why for s in own if (why := suspicious(_whole(s)) or _linked(s.text))}
    for one, other in itertools.pairwise(own):
        if one.id not in found and other.id not in found and suspicious(f"{one.text} {other.text}"):
            found |= dict.fromkeys((one.id, other.id), "gives orders to a machine, read with its neighbour")
    return found


def _linked(text: str) -> str | None:
    """A name of a work may hold an address ("…, a page of example.org"); what is printed as a claim may not."""
    return "carries a link" if _BARE_HOST.search(text) else None


def _whole(sentence: Sentence) -> str:
    """A sentence with everything of it that is printed or sent."""
    return " · ".join(
        filter(
            None,
            (
                sentence.text,
                sentence.heading,
                sentence.population,
                sentence.setting,
                sentence.grade.native,
                *sentence.applies_if,
                *sentence.not_if,
            ),
        )
    )


def _place(sentence: Sentence) -> tuple[int, str]:
    number = sentence.id.rpartition("#")[2]
    return (int(number) if number.isdigit() else 0, sentence.id)


def screened(evidence: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], tuple[Rejection, ...]]:
    """Evidence without what is meant for a machine, which is turned away with the reason."""
    found = suspects((e.source, e.sentence) for e in evidence)
    if not found:
        return tuple(evidence), ()
    kept = tuple(e for e in evidence if e.sentence.id not in found)
    gone = tuple(
        Rejection(e.candidate, Reason.UNSUPPORTED, why, _RULE, (Measured(_RULE, why, "none", passed=False),))
        for e in evidence
        if (why := found.get(e.sentence.id))
    )
    return kept, gone


def unnamed(rejections: Sequence[Rejection]) -> tuple[Rejection, ...]:
    """Rejections for a reader, who is not shown the name or address of a work that gives orders to a machine."""
    titles = {r.candidate.source.title for r in rejections}
    bad = {title for title in titles if suspicious(title)}
    return tuple(
        replace(r, candidate=replace(r.candidate, source=_withheld(r.candidate.source)))
        if r.by == _RULE or r.candidate.source.title in bad
        else r
        for r in rejections
    )


def _withheld(source: Source) -> Source:
    return replace(source, title="A work that gives orders to a machine; its title is withheld", url=None)
