"""What a person may do on the site; roles are made of these."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One thing that not everybody may do."""

    ASK = "ask"
    REPORT = "report"
    REVIEW = "review"
    EDIT = "edit"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    SEE_AUDIT = "see_audit"
    MANAGE_PEOPLE = "manage_people"
