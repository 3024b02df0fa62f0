"""What went wrong with a request to a language model, in our own words and without what it held."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx2
from pydantic_ai import exceptions as theirs

from consilium.adapters.models.service import ModelService
from consilium.errors import ModelError, ModelOutput, ModelRefused, ModelTimeout

# What no other try puts right, and what the operator may do about it.
_HOPELESS: dict[type[theirs.ModelAPIError], str] = {
    theirs.ModelAuthenticationError: "refused access: CONSILIUM_MODEL_KEY is missing, wrong or not enough",
    theirs.ModelQuotaExceededError: "has no quota or money left",
    theirs.ModelNotFoundError: "is not known there: check CONSILIUM_MODEL and CONSILIUM_MODEL_URL",
    theirs.ModelContextWindowExceededError: "cannot take so long a request",
}
_UNABLE = frozenset({500, 501})  # some servers answer so to a JSON schema or a tool that they cannot do
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that brought no reply.

    Attributes:
        again: whether the same request may go better.
        wait: the seconds that the service asks to wait before.
        lower: whether another way to ask for the shape may go better.
    """

    error: ModelError
    again: bool = False
    wait: float | None = None
    lower: bool = False


def failure_of(fault: Exception, service: ModelService, name: str, seconds: float) -> Failure | None:
    """The failure that an exception of the library, or of its transport, stands for; None for any other."""
    if isinstance(fault, (theirs.ModelRequestTimeout, theirs.ModelTimeoutError, httpx2.TimeoutException)):
        return Failure(ModelTimeout(f"{name} did not reply in time (waited up to {seconds:.0f} s)."))
    if isinstance(fault, (theirs.ModelConnectionError, httpx2.TransportError)):
        where = service.host or "this machine"
        return Failure(ModelError(f"The connection to {name} at {where} failed or broke off."), again=True)
    if isinstance(fault, theirs.ModelAPIError) and not isinstance(fault.__cause__, ValueError):
        return _answered(fault, service, name)
    if isinstance(fault, theirs.AgentRunError):
        return Failure(ModelOutput(f"{name} replied with what cannot be read."), lower=True)
    if isinstance(fault, theirs.UserError):
        return Failure(ModelRefused(f"{name} cannot be asked for such a reply in this way."), lower=True)
    return None


def _answered(fault: theirs.ModelAPIError, service: ModelService, name: str) -> Failure:
    """What an error that a service answers with says: give up, try again, or ask otherwise."""
    if not isinstance(fault, theirs.ModelHTTPError):
        return Failure(ModelError(f"{name} answered with an error{_code(fault, service)}."))
    status = f"{fault.status_code}{_code(fault, service)}"
    for category, sentence in _HOPELESS.items():
        if isinstance(fault, category):
            return Failure(ModelRefused(f"{name} {sentence} ({status})."))
    wait = fault.retry_after
    if isinstance(fault, theirs.ModelRateLimitError):
        asked = "" if wait is None else f", and to wait {wait:.0f} s"
        return Failure(ModelRefused(f"{name} asks to be asked less often{asked} ({status})."), True, wait)
    if fault.status_code >= 500:
        return Failure(ModelError(f"{name} failed ({status})."), True, wait, fault.status_code in _UNABLE)
    return Failure(ModelRefused(f"{name} does not accept the request ({status})."), lower=True)


def _code(fault: theirs.ModelAPIError, service: ModelService) -> str:
    """The provider's own code, where it is one and nothing else."""
    code = fault.provider_error_code or fault.provider_error_type or ""
    if not _CODE.fullmatch(code) or (service.key and service.key in code):
        return ""
    return f", {code}"
