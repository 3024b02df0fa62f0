"""What an operator may set for the site, from the environment, as frozen values."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from consilium.errors import ConfigurationError
from consilium.settings import from_environment
from consilium.site.services import Service, read_services


@dataclass(frozen=True, slots=True)
class PostOffice:
    """The server that mail goes out by.

    Attributes:
        tls: whether the connection is encrypted from the first byte (``smtps://``).
        starttls: whether it is encrypted before anything is said (``smtp://``; not with ``?tls=no``).
        sender: the address that mail comes from (``?from=``); "" for the site's own.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    starttls: bool
    sender: str


@dataclass(frozen=True, slots=True)
class SiteEnvironment:
    """The settings of one installation.

    Attributes:
        data_dir: ``CONSILIUM_DATA_DIR``: the library, the site's database, its secret, its files.
        database_url: ``DATABASE_URL``: PostgreSQL; SQLite under ``data_dir`` where it is not set.
        hosts: ``CONSILIUM_HOSTS``: the names under which the site is reached, with commas.
        secure: ``CONSILIUM_SECURE``: 1 where the site is reached by HTTPS; cookies and HSTS follow.
        secret_key: ``CONSILIUM_SECRET_KEY``: signs cookies; made and kept under ``data_dir`` if not set.
        mail: ``CONSILIUM_EMAIL_URL``: where mail goes (``smtp://user:word@host:587``); the log if not set.
        signup: ``CONSILIUM_SIGNUP``: ``closed`` where newcomers may not make an account; ``open`` if not set.
        asks_per_hour: ``CONSILIUM_ASKS_PER_HOUR``: questions one person or address may ask in an hour.
        seeded_errors: ``CONSILIUM_SEEDED_ERRORS``: the share (0 to 0.5) of statements that a reviewer is
            first shown with a known error, to measure vigilance; 0 if not set.
        audit_anchor: ``CONSILIUM_AUDIT_ANCHOR``: the file that keeps heads of the audit log, or None.
        address: ``CONSILIUM_ADDRESS``: what links in mails begin with; from hosts and HTTPS if not set.
        second_factor: ``CONSILIUM_MFA``: ``optional`` where the board does without; ``required`` if not set.
        retention_days: ``CONSILIUM_RETENTION_DAYS``: how long an account that is switched off keeps its data.
        services: ``CONSILIUM_OIDC_…``, ``CONSILIUM_ORCID_…``: by whom else people may sign in.
    """

    data_dir: Path
    database_url: str | None
    hosts: tuple[str, ...]
    secure: bool
    secret_key: str
    mail: PostOffice | None
    signup: bool
    asks_per_hour: int
    address: str
    second_factor: bool
    retention_days: int
    seeded_errors: float = 0.0
    audit_anchor: Path | None = None
    services: tuple[Service, ...] = ()


def read(environment: Mapping[str, str] | None = None) -> SiteEnvironment:
    """The settings of the site.

    Raises:
        ConfigurationError: a value makes no sense, or the data folder cannot be written.
    """
    env = os.environ if environment is None else environment
    data_dir = from_environment(env).data_dir
    hosts = tuple(
        h.strip() for h in env.get("CONSILIUM_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h.strip()
    )
    secure = env.get("CONSILIUM_SECURE", "") in {"1", "true", "yes"}
    url = env.get("DATABASE_URL") or None
    if url and not url.startswith(("postgres://", "postgresql://")):
        raise ConfigurationError(
            "DATABASE_URL must name a PostgreSQL database: postgresql://user:word@host/name"
        )
    return SiteEnvironment(
        data_dir=data_dir,
        database_url=url,
        hosts=hosts,
        secure=secure,
        secret_key=env.get("CONSILIUM_SECRET_KEY") or _kept_secret(data_dir),
        mail=post_office(env["CONSILIUM_EMAIL_URL"]) if env.get("CONSILIUM_EMAIL_URL") else None,
        signup=_first_of(env, "CONSILIUM_SIGNUP", ("open", "closed")),
        asks_per_hour=_number(env, "CONSILIUM_ASKS_PER_HOUR", "60"),
        address=_address(env.get("CONSILIUM_ADDRESS", ""), hosts, secure=secure),
        second_factor=_first_of(env, "CONSILIUM_MFA", ("required", "optional")),
        retention_days=_number(env, "CONSILIUM_RETENTION_DAYS", "365"),
        seeded_errors=_share(env.get("CONSILIUM_SEEDED_ERRORS", "0")),
        audit_anchor=_anchor(env.get("CONSILIUM_AUDIT_ANCHOR", "")),
        services=read_services(env),
    )


def _anchor(path: str) -> Path | None:
    if path and not Path(path).expanduser().is_absolute():
        raise ConfigurationError(
            f"CONSILIUM_AUDIT_ANCHOR is {path!r}; it must be a whole path: /mnt/elsewhere/audit-heads"
        )
    return Path(path).expanduser() if path else None


def _first_of(env: Mapping[str, str], name: str, words: tuple[str, str]) -> bool:
    """Whether a setting is the first of two words; it is, where it is not set."""
    word = env.get(name) or words[0]
    if word not in words:
        raise ConfigurationError(f"{name} is {word!r}; it must be {words[0]} or {words[1]}.")
    return word == words[0]


def _number(env: Mapping[str, str], name: str, usual: str) -> int:
    stated = env.get(name, usual)
    if not (stated.isascii() and stated.isdigit() and int(stated)):
        raise ConfigurationError(f"{name} is {stated!r}; it must be a number above 0.")
    return int(stated)


def _address(stated: str, hosts: tuple[str, ...], *, secure: bool) -> str:
    """Scheme and host, without a slash at the end."""
    if not stated:
        return f"{'https' if secure else 'http'}://{hosts[0] if hosts else 'localhost'}"
    parts = urlsplit(stated)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ConfigurationError(
            f"CONSILIUM_ADDRESS is {stated!r}; it must be the address of the first page: https://answers.example.org"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 0.5:
        raise ConfigurationError(f"CONSILIUM_SEEDED_ERRORS is {text!r}; it must be between 0 and 0.5.")
    return share


def post_office(url: str) -> PostOffice:
    """The mail server that an address names.

    Raises:
        ConfigurationError: it is no such address. The message never quotes it: it holds a password.
    """
    wrong = ConfigurationError(
        "CONSILIUM_EMAIL_URL must name a mail server: smtp://user:word@host:587 (STARTTLS), "
        "smtps://user:word@host:465 (TLS) or smtp://host:25?tls=no; ?from= names the sender."
    )
    try:
        parts = urlsplit(url)
        port, asked = parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise wrong from None
    tls, plain = parts.scheme == "smtps", asked.get("tls") == ["no"]
    known = set(asked) <= {"tls", "from"} and asked.get("tls", ["no"]) == ["no"]
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not known or (tls and plain):
        raise wrong
    return PostOffice(
        host=parts.hostname,
        port=port or (465 if tls else 25 if plain else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=not tls and not plain,
        sender=asked.get("from", [""])[0],
    )


def _kept_secret(data_dir: Path) -> str:
    """The secret of this installation, made once; only its owner may read it."""
    path = data_dir / "secret-key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
        return path.read_text("utf-8").strip()
    except OSError as fault:
        raise ConfigurationError(f"The site's data folder {data_dir} cannot be used: {fault}.") from fault
