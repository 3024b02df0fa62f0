"""For whom a question reads where nobody has said: who asks about themselves or kin is no clinician."""

from __future__ import annotations

import re

from consilium.domain.question import Audience

_KIN = (
    r"(?:father|mother|mum|mom|mam|dad|daddy|mummy|parents?|wife|husband|partner|son|daughter|child|children|kids?|baby"
    r"|toddler|brother|sister|gran|granny|grandma|grandpa|grand(?:father|mother|son|daughter)|uncle|aunt|auntie"
    r"|boyfriend|girlfriend|friend|neighbour|neighbor)"
)
_BODY = (
    r"(?:back|head|neck|knees?|chest|legs?|arms?|foot|feet|hands?|fingers?|toes?|skin|tummy|stomach|belly|heart|eyes?|ears?"
    r"|throat|lungs?|hips?|shoulders?|periods?|bum|bladder|hair|nose|teeth|blood pressure|sugar|cholesterol|tablets?|pills?"
    r"|medication|medicines?|doctor|gp|consultant|surgeon|nurse)"
)
_WHOM = r"(?:patients?|cases?|man|woman|boy|girl|infant|neonate|lad[yi]e?s?|gentleman|adults?|teenager|male|female)"
_FIRST_PERSON = re.compile(
    rf"\bmy (?:own |late |old |new |left |right |little |elderly |\d+[- ]\w+[- ]old )?(?:{_KIN}|{_BODY})\b"
    rf"|\bi(?:'ve| have| had|'ve had| got|'ve got)\b(?! (?:[\w-]+ ){{0,5}}{_WHOM}\b)"
    r"|\bi(?:'m| am) (?:\d|pregnant|breast|taking|on\b|an? |allergic|having|getting|worried|scared|due)"
    r"|\bi (?:took|swallowed|feel|want to|don't want|can't|cannot|hurt)\b|\bkilling me\b"
    r"|\b(?:can|could|should|may|must|shall) i (?:take|eat|drink|stop taking|breastfeed|fly|worry|see a|go to)\b"
)
_PROFESSIONAL = re.compile(
    r"\bpatients?\b|\b(?:y/?o|hx|dx|ddx|mgmt|pmh)\b|\bi(?:'m| am) (?:an? )?(?:gp|doctor|nurse)\b"
)


def presumed(text: str) -> Audience:
    """The audience of a question that was asked without one: patient for a first-person lay question."""
    lowered = text.lower().replace("’", "'")
    lay = _FIRST_PERSON.search(lowered) and not _PROFESSIONAL.search(lowered)
    return Audience.PATIENT if lay else Audience.CLINICIAN
