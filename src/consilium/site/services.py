"""Services of others by which people may sign in: an OpenID Connect provider, ORCID."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from consilium.errors import ConfigurationError

_OIDC = ("CONSILIUM_OIDC_ISSUER", "CONSILIUM_OIDC_CLIENT_ID", "CONSILIUM_OIDC_CLIENT_SECRET")
_ORCID = ("CONSILIUM_ORCID_CLIENT_ID", "CONSILIUM_ORCID_CLIENT_SECRET")
_NAME = "Single sign-on"
PROVIDER = "sso"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Service:
    """One service.

    Attributes:
        kind: what allauth calls it: ``openid_connect``, ``orcid``.
        name: what people call it.
        path: where its sign-in begins on this site.
        origin: where a form leads when a browser is sent there.
        issuer: the address of an OpenID Connect provider; "" for ORCID.
    """

    kind: str
    name: str
    path: str
    origin: str
    client_id: str
    secret: str = field(repr=False)
    issuer: str = ""


def read_services(env: Mapping[str, str]) -> tuple[Service, ...]:
    """The services that the operator has set; none unless every setting of one is there.

    Raises:
        ConfigurationError: some settings of a service are missing, or its address makes no sense.
    """
    found: list[Service] = []
    if given := _all_or_none(env, _OIDC):
        issuer, client_id, secret = given
        name = env.get("CONSILIUM_OIDC_NAME", "").strip() or _NAME
        path = f"/accounts/oidc/{PROVIDER}/login/"
        found.append(Service("openid_connect", name, path, _origin(issuer), client_id, secret, issuer))
    if given := _all_or_none(env, _ORCID):
        found.append(Service("orcid", "ORCID", "/accounts/orcid/login/", "https://orcid.org", *given))
    return tuple(found)


def _all_or_none(env: Mapping[str, str], names: tuple[str, ...]) -> list[str]:
    values = [env.get(name, "").strip() for name in names]
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if missing and len(missing) < len(names):
        raise ConfigurationError(f"Signing in by a service needs {' and '.join(missing)} as well.")
    return [] if missing else values


def _origin(issuer: str) -> str:
    parts = urlsplit(issuer)
    sealed = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not sealed or not parts.hostname or parts.query or parts.fragment:
        raise ConfigurationError(
            f"CONSILIUM_OIDC_ISSUER is {issuer!r}; it must be the https address of the provider, "
            "under which .well-known/openid-configuration is found."
        )
    return f"{parts.scheme}://{parts.netloc}"


def allauth_providers(services: tuple[Service, ...]) -> dict[str, Any]:
    """The same services as allauth's setting wants them."""
    providers: dict[str, Any] = {}
    for service in services:
        app: dict[str, Any] = {"client_id": service.client_id, "secret": service.secret}
        if service.issuer:
            more = {"server_url": service.issuer.rstrip("/")}
            app |= {"provider_id": PROVIDER, "name": service.name, "settings": more}
        providers[service.kind] = {"APPS": [app], "OAUTH_PKCE_ENABLED": bool(service.issuer)}
    return providers


def allauth_apps(services: tuple[Service, ...]) -> list[str]:
    """The apps that are needed; none while no service is set."""
    if not services:
        return []
    return ["allauth.socialaccount", *(f"allauth.socialaccount.providers.{s.kind}" for s in services)]
