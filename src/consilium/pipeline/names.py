"""Where a text names a person: after a title, after "my name is", beside a relation, by a known given name."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Given names that are common in English-speaking health systems. A name that is also an ordinary
# or a clinical word (Grace, Rose, Mark, Will, Ray, Dean, Iris, Heather, Violet) is left out.
_GIVEN_NAMES = """
    Aaron Abigail Adam Adrian Agnes Ahmed Aisha Alan Albert Alejandro Alex Alexander Alexandra Alfie Ali Alice Alison
    Amanda Amelia Amir Amy Ana Andrea Andrew Angela Anita Ann Anna Anne Annie Anthony Antonio Arthur Asha Barbara
    Beatrice Ben Benjamin Bernard Bethany Betty Beverley Brandon Brenda Brian Bridget Bruce Callum Carl Carla Carlos
    Carol Caroline Catherine Charles Charlie Charlotte Chloe Chris Christina Christine Christopher Claire Clare Colin
    Craig Daisy Daniel Daniela David Deborah Debra Denise Dennis Diana Diane Dominic Donald Donna Doris Dorothy Douglas
    Dylan Edith Edward Eileen Elaine Eleanor Elena Elizabeth Ella Ellen Ellie Emily Emma Eric Ethan Eva Evelyn Fatima
    Fiona Florence Frances Francesca Frank Fred Freddie Frederick Freya Gareth Gary Geoffrey George Georgia Gerald
    Gillian Gloria Gordon Graham Greg Hannah Harold Harriet Harry Hassan Hazel Heidi Helen Henry Hilary Holly Hugh Ian
    Ibrahim Imran Irene Isaac Isabel Isabella Isla Ivan Jack Jackie Jacob Jake James Jamie Jane Janet Janice Jason
    Javier Jean Jeff Jeffrey Jennifer Jenny Jeremy Jessica Jill Jim Joan Joanna Joanne Joe Joel John Jonathan Jordan
    Jorge Jose Joseph Josephine Joshua Joyce Juan Judith Judy Julia Julian Julie June Karen Kate Katherine Kathleen
    Katie Keith Kelly Kenneth Kevin Khalid Kimberly Kyle Larry Laura Lauren Leah Leanne Lee Leo Leonard Lewis Liam Linda
    Lisa Logan Lorraine Louis Louise Lucas Lucy Luis Luke Lynn Madison Malcolm Marcus Margaret Maria Marie Marilyn
    Mario Marion Marjorie Martha Martin Mary Mason Matthew Maureen Megan Melissa Mia Michael Michelle Miguel Mike
    Mohamed Mohammad Mohammed Molly Monica Muhammad Nancy Naomi Natalie Nathan Neil Nicholas Nicola Nicole Nigel Noah
    Norma Norman Olive Oliver Olivia Omar Oscar Pablo Pamela Patricia Patrick Paul Paula Pauline Pedro Peggy Peter
    Philip Phoebe Phyllis Pooja Priya Rachel Rajesh Ralph Raymond Rebecca Ricardo Richard Robert Roberto Robin Roger
    Ronald Ruby Russell Ruth Ryan Sally Sam Samantha Samuel Sandra Sanjay Sara Sarah Scott Sean Sharon Sheila Shirley
    Simon Sofia Sophia Sophie Stacey Stanley Stella Stephanie Stephen Steve Steven Stuart Sunita Susan Suzanne Sylvia
    Tara Teresa Terry Theo Theresa Thomas Tim Timothy Tina Toby Tom Tracey Tyler Valerie Vanessa Veronica Victoria
    Vincent Walter Wayne Wendy William Yasmin Yusuf Yvonne Zachary Zara Zoe
    """
# Words that stand capitalised after a title, a relation or a name, and name nobody.
_NO_NAMES = """
    a an and are at be but by can could do does for from get had has have he how if in is it may might need needs no not
    of on or score scale she should so still than that the their then they to under unit was we were what when where
    which who why will with would you after before during imaging scan angiography positive negative type grade stage
    outcome shift acute chronic severe patient patients health doctor nurse said says asked
    """
GIVEN, NO_NAMES = frozenset(_GIVEN_NAMES.split()), frozenset(_NO_NAMES.split())
_EPONYM = (
    r"(?:['’]s)?\ (?:syndrome|disease|sign|murmur|nodules?|virus|test|score|criteria|palsy|fracture|lymphoma|law|triad|phenomen(?:on|a)|wort"
    r"|procedure|operation|rules?|index|method|scale|classification|hallucinations?|ulcers?|tumou?r|ataxia|splint)\b"
)
_WORD = r"[A-ZÀ-Þ](?:['’][A-Z])?[a-zß-ÿ]+(?:[A-Z][a-zß-ÿ]+)?(?:-[A-ZÀ-Þ][a-zß-ÿ]+)*"
_FULL = rf"{_WORD}(?:\ (?:(?:van|von|de|da|del|der|di|la|al|bin|ap)\ )*{_WORD}){{0,3}}"
RELATION = (
    r"(?:son|daughter|wife|husband|mother|mum|mom|father|dad|partner|brother|sister|friend|baby|child|kid|boy|girl"
    r"|grand(?:son|daughter|mother|father|ma|pa|mum|dad)|aunt|uncle|neighbou?r|client|colleague|gp|doctor|consultant"
    r"|nurse|midwife|surgeon|cousin|niece|nephew|twin|boyfriend|girlfriend|fianc[ée]e?|carer|patient)"
)
PERSON = rf"(?:{RELATION}|man|woman|lady|gentleman|person|infant|newborn|teenager|toddler|student|pupil)"
_TITLED = rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Mister|Professor|Reverend|Rev)\.?\ (?:{_FULL}|[A-Z]\b(?!\w))"
# "mRS" is also a scale of disability and "mr" an image, so small letters need a word that fits a person.
_SMALL = (
    r"\b(?:mr|mrs|dr|ms)\.?\ (?:(?:o['’])?[a-z]{3,})(?=(?:['’]s)?,?\ (?:has|had|is|was|aged|age|comes|came|presents|presented|says|said"
    r"|told|takes|took|needs|prescribed|gave|recommended|thinks|wants|lives|born|with|\d{1,3}\b))"
)
_SAID = rf"\b(?i:(?:my|his|her|the\ patient['’]?s?|patient|full|first|last)\ names?(?:\ is|:|\ =)|\bname:|i\ am\ called|i['’]m\ called|signed,?)\s*(?P<found>{_FULL})"
_SAID_SMALL = r"\b(?i:(?:my|his|her)\ name\ is|name['’]s)\ (?P<found>(?!(?:not|on|the|in)\b)[a-z]+(?:-[a-z]+)?(?:\ (?!(?:and|i|but|aged|with|who|from|can|is|am|my|what|have|should|do|please)\b)[a-z]+)?)"
_CALLED = (
    rf"\b(?i:{PERSON}|he|she|who|i)(?i:\ is|\ was|['’]s|['’]m|\ am)?,?\ (?i:called|named)\ (?P<found>{_FULL})"
)
_RELATED = rf"\b(?i:(?:my|our|his|her|their|a|the|this))(?:\ \w+)?\ (?i:{RELATION}),?\ (?P<found>{_FULL})"
_CLOSING = rf"(?i:\b(?:many\ thanks|thanks|thank\ you|(?:kind|best|warm)?\ ?regards|yours(?:\ sincerely)?|cheers|sincerely|love))[,.!]?\s+(?:from\ )?(?P<found>{_FULL})\s*\.?\s*$"
_KNOWN = rf"\b(?P<found>{_FULL})"
_BESIDE = re.compile(
    r"(?:['’]s)?(?:\ (?:has|had|is|was|takes|took|needs|says|said|told|presented|presents|came|comes|wants|feels|felt|keeps"
    r"|lives|weighs|aged)\b|,?\ (?:\(?\d{1,3}\b|age\b|aged\b|a\ \d|an\ \d|who\b))"
)
_CUED = tuple(re.compile(p) for p in (_TITLED, _SMALL, _SAID, _SAID_SMALL, _CALLED, _RELATED, _CLOSING))
EPONYMOUS, _KNOWN_NAME = re.compile(_EPONYM, re.IGNORECASE), re.compile(_KNOWN)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where people are named, without what follows the name."""
    shouted = _in_capitals(text)
    for pattern in _CUED:
        if shouted and pattern.pattern in {_RELATED, _CALLED}:
            continue
        for match in pattern.finditer(text):
            start, end = match.span("found") if "found" in pattern.groupindex else match.span()
            end = _without_ordinary(text, start, end, titled=pattern.pattern == _TITLED)
            if start < end and not EPONYMOUS.match(text, end):
                yield start, end
    yield from _known(text)


def _known(text: str) -> Iterator[tuple[int, int]]:
    """A given name with a surname, or alone where a person is spoken of."""
    for match in _KNOWN_NAME.finditer(text):
        words = match[0].split()
        first = next((place for place, word in enumerate(words) if word in GIVEN), None)
        if first is None:
            continue
        start = match.start() + len(" ".join(words[:first])) + (1 if first else 0)
        end = _without_ordinary(text, start, match.end())
        alone = " " not in text[start:end]
        if EPONYMOUS.match(text, end) or (alone and not _BESIDE.match(text, end)):
            continue
        yield start, end


def _without_ordinary(text: str, start: int, end: int, *, titled: bool = False) -> int:
    """The end of a name, before the first ordinary word in it; ``start`` where nothing is left."""
    place = start
    for number, word in enumerate(re.finditer(r"\S+", text[start:end])):
        if word[0].lower().rstrip(".,") in NO_NAMES:
            return place if number > (1 if titled else 0) else start
        place = start + word.end()
    return end


def _in_capitals(text: str) -> bool:
    """Whether a text is typed like a title, so that a capital says nothing."""
    words = [w for w in re.findall(r"[A-Za-z]{3,}", text) if w.lower() not in NO_NAMES]
    return len(words) >= 3 and sum(w[0].isupper() for w in words) > 0.7 * len(words)
