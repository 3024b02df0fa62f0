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
    """

    data_dir: Path
    database_url: str | None
    hosts: tuple[str, ...]
    secure: bool
    secret_key: str
    mail: PostOffice | None
    signup: bool
    asks_per_hour: int
    seeded_errors: float = 0.0
    audit_anchor: Path | None = None


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
    asks = env.get("CONSILIUM_ASKS_PER_HOUR", "60")
    if not asks.isdigit() or int(asks) == 0:
        raise ConfigurationError(f"CONSILIUM_ASKS_PER_HOUR is {asks!r}; it must be a number above 0.")
    url = env.get("DATABASE_URL") or None
    if url and not url.startswith(("postgres://", "postgresql://")):
        raise ConfigurationError(
            "DATABASE_URL must name a PostgreSQL database: postgresql://user:word@host/name"
        )
    return SiteEnvironment(
        data_dir=data_dir,
        database_url=url,
        hosts=hosts,
        secure=env.get("CONSILIUM_SECURE", "") in {"1", "true", "yes"},
        secret_key=env.get("CONSILIUM_SECRET_KEY") or _kept_secret(data_dir),
        mail=post_office(env["CONSILIUM_EMAIL_URL"]) if env.get("CONSILIUM_EMAIL_URL") else None,
        signup=_signup(env.get("CONSILIUM_SIGNUP", "open")),
        asks_per_hour=int(asks),
        seeded_errors=_share(env.get("CONSILIUM_SEEDED_ERRORS", "0")),
        audit_anchor=_anchor(env.get("CONSILIUM_AUDIT_ANCHOR", "")),
    )


def _anchor(path: str) -> Path | None:
    if path and not Path(path).expanduser().is_absolute():
        raise ConfigurationError(
            f"CONSILIUM_AUDIT_ANCHOR is {path!r}; it must be a whole path: /mnt/elsewhere/audit-heads"
        )
    return Path(path).expanduser() if path else None


def _signup(word: str) -> bool:
    if word not in {"open", "closed"}:
        raise ConfigurationError(f"CONSILIUM_SIGNUP is {word!r}; it must be open or closed.")
    return word == "open"


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
