"""Tell whoever keeps the record what was done to people and their roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from consilium.site.accounts.models import User


def tell(action: str, by: User | None, subject: str, details: Mapping[str, Any]) -> None:
    """Call every receiver in ``settings.ACCOUNT_EVENTS`` with the same four names.

    It is called inside the transaction of the change, so that no change is kept without its record:
    a receiver that raises undoes the change.

    Args:
        action: what was done, in the field's words: ``role given``, ``person deactivated``.
        by: who did it; None for the command line and the clock.
        subject: whom it was done to: ``person:7``, ``invitation:3``. Never a name or an address.
        details: what else the record should say; JSON.
    """
    for name in settings.ACCOUNT_EVENTS:
        import_string(name)(action=action, by=by, subject=subject, details=dict(details))
