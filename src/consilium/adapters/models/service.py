"""A language model's service: where it is, which protocol it speaks, which models it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from consilium.adapters.embedding.service import HERE

OPENAI_URL, ANTHROPIC_URL = "https://api.openai.com/v1", "https://api.anthropic.com"
# One's own machine may think about a long request for minutes before its first word; nothing is lost on the way.
PATIENT_SECONDS = 600.0
SMALL_STAGES = frozenset({"select", "verify"})  # they choose and judge; they write nothing


class Speaks(StrEnum):
    """The protocol of a service."""

    OPENAI = "openai"
    COMPATIBLE = "compatible"  # OpenAI's, spoken by somebody else: vLLM, Ollama, llama.cpp, a proxy
    ANTHROPIC = "anthropic"


class Mode(StrEnum):
    """How a service is made to reply in the shape asked for, the surest first."""

    JSON_SCHEMA = "json_schema"
    TOOL = "tool"
    PROMPTED = "prompted"


@dataclass(frozen=True, slots=True)
class ModelService:
    """A service of language models.

    Attributes:
        url: the base address, without the path of a request.
        small: the model for the stages that only choose and judge.
        thinking: tokens that a model may use up before it replies, on top of the limit of a request.
        read_seconds: how long it may say nothing at all.
        request_seconds: how long one request may take, however lively; keep-alive lines do not count.
    """

    speaks: Speaks
    url: str
    model: str
    small: str | None = None
    key: str | None = field(default=None, repr=False)
    thinking: int = 0
    read_seconds: float = 60.0
    request_seconds: float = 180.0

    @property
    def host(self) -> str | None:
        """The host that requests are sent to; None where that is this machine."""
        host = urlsplit(self.url).hostname
        return None if host in HERE else host

    @property
    def models(self) -> tuple[str, ...]:
        """The models that are asked for, each once."""
        return tuple(dict.fromkeys(name for name in (self.model, self.small) if name))

    def model_for(self, stage: str) -> str:
        """The model that a stage asks."""
        return self.small if self.small and stage in SMALL_STAGES else self.model
