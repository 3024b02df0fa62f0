"""One request to a language model by pydantic-ai, heard to the end; the one module that knows the library."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import httpx2
from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import (
    ModelRequest as TheirRequest,
)
from pydantic_ai.messages import (
    ModelResponse,
    ModelResponseStreamEvent,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolCallPartDelta,
    UserPromptPart,
)
from pydantic_ai.models import Model as TheirModel
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.profiles import ModelProfile
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from consilium.adapters.models.failures import Failure, failure_of
from consilium.adapters.models.heard import Chunk, Heard
from consilium.adapters.models.service import Mode, ModelService, Speaks
from consilium.errors import ModelOutput
from consilium.ports import ModelRequest

_CONNECT_SECONDS = 5.0
_NO_KEY = "none"  # the SDKs insist on one where a service on one's own machine wants none
# The most letters a token was seen to stand for, spaces of indentation among them; some servers pass over the limit.
_LETTERS_A_TOKEN, _SPARE_LETTERS = 24, 2_000
for _library in ("openai", "anthropic", "httpx2", "httpcore2"):
    # At DEBUG they log the question and the headers of the answer, in which a service may tell the key.
    if (_logger := logging.getLogger(_library)).level == logging.NOTSET:
        _logger.setLevel(logging.WARNING)


async def hear(
    service: ModelService, name: str, request: ModelRequest, mode: Mode, seconds: float
) -> Heard | Failure:
    """What a model said to one request, tried once; the library tries nothing again either."""
    try:
        async with _client(service, seconds) as http:
            return await _heard(_model(service, name, http), request, mode, seconds, service)
    except Exception as fault:
        failure = failure_of(fault, service, name, seconds)
        if failure is None:
            raise
        return failure


async def _heard(
    model: TheirModel, request: ModelRequest, mode: Mode, seconds: float, service: ModelService
) -> Heard | Failure:
    begun = time.monotonic()
    chunks: list[Chunk] = []
    left = request.most_tokens * _LETTERS_A_TOKEN + _SPARE_LETTERS
    settings = ModelSettings(max_tokens=request.most_tokens + service.thinking, request_timeout=seconds)
    if not service.thinking:
        settings["thinking"] = False
    async with model_request_stream(
        model,
        [TheirRequest(parts=[UserPromptPart(request.material)], instructions=request.instructions)],
        model_settings=settings,
        model_request_parameters=_shape(request, mode),
        instrument=False,
    ) as stream:
        async for event in stream:
            text = _said(event, mode)
            left -= len(text)
            if left < 0:
                return Failure(ModelOutput(f"{model.model_name} went on past the limit of tokens."))
            if text:
                chunks.append(Chunk(round(time.monotonic() - begun, 3), text))
        response = stream.get()
    return _summed(response, tuple(chunks), mode, time.monotonic() - begun, service)


def _summed(
    response: ModelResponse, chunks: tuple[Chunk, ...], mode: Mode, seconds: float, service: ModelService
) -> Heard | Failure:
    """What was said, with how it ended as the provider put it: the library takes a missing word for "stop"."""
    details, usage = response.provider_details or {}, response.usage
    name = response.model_name or service.model
    if service.key and service.key in "".join(chunk.text for chunk in chunks) + name:
        return Failure(ModelOutput("The reply held the key of the service; it is thrown away."))
    finish, refusal = details.get("finish_reason"), details.get("refusal", "")
    measured = not usage.unmeasured_requests and (usage.input_tokens or usage.output_tokens)
    return Heard(
        chunks,
        str(finish) if finish else None,
        mode,
        name,
        round(seconds, 3),
        usage.input_tokens if measured else None,
        usage.output_tokens if measured else None,
        _cost(response, service) if measured else None,
        str(refusal or ""),
    )


def _cost(response: ModelResponse, service: ModelService) -> float | None:
    """What the reply cost by the list of prices that comes with the library; None where it is not on it."""
    if service.speaks is Speaks.COMPATIBLE:
        return None
    try:
        return float(response.cost().total_price)
    except (LookupError, ValueError, AssertionError):
        return None


def _said(event: ModelResponseStreamEvent, mode: Mode) -> str:
    """What an event adds to the reply: arguments of the one tool, or text; never thoughts."""
    piece: str | object | None = None
    if isinstance(event, PartStartEvent):
        part = event.part
        if isinstance(part, ToolCallPart) and mode is Mode.TOOL:
            piece = part.args_as_json_str() if isinstance(part.args, dict) else part.args
        elif isinstance(part, TextPart) and mode is not Mode.TOOL:
            piece = part.content
    elif isinstance(event, PartDeltaEvent):
        delta = event.delta
        if isinstance(delta, ToolCallPartDelta) and mode is Mode.TOOL:
            piece = delta.args_delta
        elif isinstance(delta, TextPartDelta) and mode is not Mode.TOOL:
            piece = delta.content_delta
    return piece if isinstance(piece, str) else ""


def _shape(request: ModelRequest, mode: Mode) -> ModelRequestParameters:
    schema = dict(request.schema)
    if mode is Mode.TOOL:
        tool = ToolDefinition(
            name="reply", description="Give the reply.", parameters_json_schema=schema, kind="output"
        )
        return ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=False)
    native = mode is Mode.JSON_SCHEMA
    wanted = OutputObjectDefinition(json_schema=schema, name=request.stage)
    return ModelRequestParameters(output_mode="native" if native else "prompted", output_object=wanted)


def prepare(service: ModelService) -> None:
    """Load what speaks the protocol of a service, before any clock runs.

    Raises:
        ImportError: it is not installed.
    """
    provider = "anthropic" if service.speaks is Speaks.ANTHROPIC else "openai"
    import_module(f"pydantic_ai.models.{provider}")


def _model(service: ModelService, name: str, http: httpx2.AsyncClient) -> TheirModel:
    """The library's model for a service; every way to ask for a shape is tried, whatever it knows of the name."""
    any_shape = OpenAIModelProfile(
        supports_json_schema_output=True, supports_json_object_output=False, supports_tools=True
    )
    if service.speaks is Speaks.ANTHROPIC:
        return _claude(service, name, http, any_shape)
    from openai import AsyncOpenAI  # noqa: PLC0415 - of the two SDKs only the one in use is loaded
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider  # noqa: PLC0415

    client = AsyncOpenAI(
        api_key=service.key or _NO_KEY, base_url=service.url, http_client=http, max_retries=0
    )
    if service.speaks is Speaks.OPENAI:
        return OpenAIChatModel(name, provider=OpenAIProvider(openai_client=client), profile=any_shape)
    client.organization = client.project = None  # what the environment says of OpenAI is not for others
    others = OpenAIModelProfile(
        **any_shape,
        native_output_requires_schema_in_instructions=True,  # a server may only mask tokens, unseen by the model
        openai_chat_supports_max_completion_tokens=False,
        openai_chat_supports_multiple_system_messages=False,
    )
    provider = OpenAICompatibleProvider("compatible", openai_client=client)
    return OpenAIChatModel(name, provider=provider, profile=others)


def _claude(service: ModelService, name: str, http: httpx2.AsyncClient, profile: ModelProfile) -> TheirModel:
    from anthropic import AsyncAnthropic  # noqa: PLC0415
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

    client = AsyncAnthropic(
        api_key=service.key or _NO_KEY, base_url=service.url, http_client=http, max_retries=0
    )
    return AnthropicModel(name, provider=AnthropicProvider(anthropic_client=client), profile=profile)


@asynccontextmanager
async def _client(service: ModelService, seconds: float) -> AsyncIterator[httpx2.AsyncClient]:
    """A transport that follows no redirect: the key must reach nobody but the service."""
    limits = httpx2.Timeout(min(service.read_seconds, seconds), connect=min(_CONNECT_SECONDS, seconds))
    elsewhere = service.host is not None  # proxies of the environment are for what is elsewhere
    async with httpx2.AsyncClient(timeout=limits, follow_redirects=False, trust_env=elsewhere) as http:
        yield http
