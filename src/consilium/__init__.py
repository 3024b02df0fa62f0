"""Consilium answers clinical questions; every sentence shows the words it rests on.

>>> from consilium import ask, Question, Audience
>>> answer = ask(Question("How is croup treated?", audience=Audience.CLINICIAN))
>>> answer["kind"] in {"article", "abstention"}
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from consilium.api import ask
    from consilium.domain.article import Abstention, Article
    from consilium.domain.question import Audience, FollowUp, Question
    from consilium.errors import ConsiliumError

_HOMES = {
    "ask": "consilium.api",
    "Question": "consilium.domain.question",
    "Audience": "consilium.domain.question",
    "FollowUp": "consilium.domain.question",
    "Article": "consilium.domain.article",
    "Abstention": "consilium.domain.article",
    "ConsiliumError": "consilium.errors",
}
__all__ = [
    "Abstention",
    "Article",
    "Audience",
    "ConsiliumError",
    "FollowUp",
    "Question",
    "__version__",
    "ask",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'consilium' has no attribute {name!r}")
