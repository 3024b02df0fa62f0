"""What a person may do with questions, articles and the people of a board."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One thing that a role allows."""

    ASK = "ask"
    REPORT = "report"
    REVIEW = "review"  # take an article, give verdicts, request changes
    EDIT = "edit"  # make revisions
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    SEE_AUDIT = "see_audit"
    MANAGE_PEOPLE = "manage_people"
