"""Write what was done to people and their roles into the audit log, by pseudonym."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consilium.site.accounts.models import User
from consilium.site.accounts.roles import BOARD
from consilium.site.audit.details import Detail
from consilium.site.audit.recording import pseudonym, record

_ROLES = {role.key() for role in BOARD}


def keep(*, action: str, by: User | None, subject: str, details: Mapping[str, Any]) -> None:
    """Record one event of accounts (``accounts.events``).

    Raises:
        NotForTheLog: it says more than the log takes.
    """
    kind, _, number = subject.partition(":")
    if kind == "person":
        subject = pseudonym(User.objects.get(pk=number))
    record(action=f"account.{action.replace(' ', '_')}", by=by, subject=subject, details=_plain(details))


def _plain(details: Mapping[str, Any]) -> dict[str, Detail]:
    """Roles become marks of their own; the rest stays as it is."""
    plain: dict[str, Detail] = {}
    for name, value in details.items():
        if name in {"role", "roles"}:
            plain |= {role: True for role in ([value] if isinstance(value, str) else value) if role in _ROLES}
        else:
            plain[name] = value
    return plain
