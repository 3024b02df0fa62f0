"""Settings from the environment, those of a language model from a file as well; frozen values, no behaviour."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from consilium.adapters.embedding.service import Service, is_safe
from consilium.adapters.models import configured
from consilium.adapters.models.service import ModelService
from consilium.adapters.outside.services import CROSSREF, EUROPE_PMC, NCBI, Services, When
from consilium.errors import ConfigurationError
from consilium.pipeline.budget import Allowance

SCANNED_VECTORS = 200_000
LIVE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set.

    Attributes:
        data_dir: ``CONSILIUM_DATA_DIR``: where the library lives.
        country: ``CONSILIUM_COUNTRY``: whose guidelines come first, unless the asker says.
        emergency_number: ``CONSILIUM_EMERGENCY_NUMBER``: shown in the emergency notice; never
            guessed.
        crisis_number: ``CONSILIUM_CRISIS_NUMBER``: the crisis line that the notice names to whoever
            thinks of self-harm; never guessed.
        by_meaning: ``CONSILIUM_SEARCH``: whether `ask` searches by meaning as well as by text.
        scanned_vectors: ``CONSILIUM_SCANNED_VECTORS``: in a library of up to so many, each vector is
            looked at for each question.
        int8: ``CONSILIUM_EMBEDDING_RUNTIME``: whether the installed model runs with weights of eight bits.
        embedding: ``CONSILIUM_EMBEDDING_…``: the service that makes vectors, in place of the installed
            model.
        model: ``CONSILIUM_MODEL…`` or `consilium.toml`: the service of a language model.
        allowance: ``CONSILIUM_MODEL_TOKENS``, ``…_COST``, ``…_SECONDS``: what one question may cost of it.
        outside: ``CONSILIUM_NCBI_…``, ``CONSILIUM_EUROPEPMC_URL``, ``CONSILIUM_CROSSREF_URL``: the services
            that evidence is asked of, and who asks.
        live: ``CONSILIUM_LIVE``: when `ask` asks PubMed too.
        live_seconds: ``CONSILIUM_LIVE_SECONDS``: how long that may take, all requests together.
    """

    data_dir: Path
    country: str | None = None
    emergency_number: str | None = None
    crisis_number: str | None = None
    by_meaning: bool = True
    scanned_vectors: int = SCANNED_VECTORS
    embedding: Service | None = None
    int8: bool = False
    model: ModelService | None = None
    allowance: Allowance = field(default_factory=Allowance)
    outside: Services = field(default_factory=Services)
    live: When = When.NEVER
    live_seconds: int = LIVE_SECONDS


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: a value makes no sense; the message names it.
    """
    env = os.environ if environment is None else environment
    stated = env.get("CONSILIUM_DATA_DIR")
    if stated:
        data_dir = Path(stated).expanduser()
    else:
        from platformdirs import user_data_path  # noqa: PLC0415 - not needed otherwise

        data_dir = user_data_path("consilium")
    of_model = configured.with_file(env, data_dir)
    return Settings(
        data_dir,
        env.get("CONSILIUM_COUNTRY") or None,
        _number(env, "CONSILIUM_EMERGENCY_NUMBER"),
        _number(env, "CONSILIUM_CRISIS_NUMBER"),
        _by_meaning(env),
        _count(env, "CONSILIUM_SCANNED_VECTORS") or SCANNED_VECTORS,
        _service(env),
        _int8(env),
        configured.service(of_model),
        configured.allowance(of_model),
        _outside(env),
        _live(env),
        _count(env, "CONSILIUM_LIVE_SECONDS") or LIVE_SECONDS,
    )


def _int8(env: Mapping[str, str]) -> bool:
    """Whether the installed model runs on onnxruntime with weights of eight bits."""
    stated = env.get("CONSILIUM_EMBEDDING_RUNTIME") or "numpy"
    if stated not in {"numpy", "onnxruntime"}:
        raise ConfigurationError(
            f"CONSILIUM_EMBEDDING_RUNTIME is {stated!r}; it must be numpy or onnxruntime."
        )
    return stated == "onnxruntime"


def _by_meaning(env: Mapping[str, str]) -> bool:
    """Whether to search by meaning as well."""
    stated = env.get("CONSILIUM_SEARCH") or "hybrid"
    if stated not in {"text", "hybrid"}:
        raise ConfigurationError(f"CONSILIUM_SEARCH is {stated!r}; it must be text or hybrid.")
    return stated == "hybrid"


def _count(env: Mapping[str, str], name: str) -> int | None:
    """A whole number above 0, or None where none is stated."""
    stated = env.get(name) or None
    if stated and not (stated.isascii() and stated.isdigit() and 0 < int(stated) < 10**9):
        raise ConfigurationError(f"{name} is {stated!r}; it must be a whole number above 0.")
    return int(stated) if stated else None


def _service(env: Mapping[str, str]) -> Service | None:
    """The embedding service, if one is named."""
    url = env.get("CONSILIUM_EMBEDDING_URL") or None
    if url is None:
        return None
    if not is_safe(url):
        raise ConfigurationError(
            f"CONSILIUM_EMBEDDING_URL is {url!r}; it must begin with https:// (http:// on this machine only)."
        )
    key = env.get("CONSILIUM_EMBEDDING_KEY") or None
    if key and not (key.isascii() and key.isprintable()):
        raise ConfigurationError("CONSILIUM_EMBEDDING_KEY holds what no key holds; set it again.")
    model, dimension = env.get("CONSILIUM_EMBEDDING_MODEL"), _count(env, "CONSILIUM_EMBEDDING_DIMENSION")
    if not model or not dimension:
        raise ConfigurationError(
            "CONSILIUM_EMBEDDING_URL needs CONSILIUM_EMBEDDING_MODEL and CONSILIUM_EMBEDDING_DIMENSION."
        )
    return Service(
        url,
        model,
        dimension,
        key,
        env.get("CONSILIUM_EMBEDDING_QUERY_PREFIX", ""),
        env.get("CONSILIUM_EMBEDDING_DOCUMENT_PREFIX", ""),
    )


def _outside(env: Mapping[str, str]) -> Services:
    """The services outside; whoever sets the address of one runs it, or trusts it."""
    key, email = env.get("CONSILIUM_NCBI_KEY") or None, env.get("CONSILIUM_NCBI_EMAIL") or None
    if key and not (key.isascii() and key.isalnum()):
        raise ConfigurationError("CONSILIUM_NCBI_KEY holds what no key of NCBI holds; set it again.")
    if email and not (email.isascii() and email.isprintable() and email.count("@") == 1 and " " not in email):
        raise ConfigurationError(f"CONSILIUM_NCBI_EMAIL is {email!r}; it must be an e-mail address.")
    return Services(
        _base(env, "CONSILIUM_NCBI_URL", NCBI),
        _base(env, "CONSILIUM_EUROPEPMC_URL", EUROPE_PMC),
        _base(env, "CONSILIUM_CROSSREF_URL", CROSSREF),
        email,
        key,
    )


def _live(env: Mapping[str, str]) -> When:
    """When a question goes to PubMed too; not unless that is said."""
    stated = env.get("CONSILIUM_LIVE") or When.NEVER.value
    try:
        return When(stated)
    except ValueError:
        raise ConfigurationError(
            f"CONSILIUM_LIVE is {stated!r}; it must be never, abstaining or always."
        ) from None


def _base(env: Mapping[str, str], name: str, usual: str) -> str:
    """What the addresses of a service begin with."""
    stated = env.get(name) or usual
    if not is_safe(stated) or set(stated) & set("?#"):
        raise ConfigurationError(
            f"{name} is {stated!r}; it must begin with https:// (http:// on this machine only)."
        )
    return stated.rstrip("/") + "/"


def _number(env: Mapping[str, str], name: str) -> str | None:
    """A telephone number of the settings.

    Raises:
        ConfigurationError: it is none.
    """
    number = env.get(name) or None
    if number and not (number.replace(" ", "").isdigit() and len(number) <= 12):
        raise ConfigurationError(f"{name} is {number!r}; it must be a telephone number in digits.")
    return number
