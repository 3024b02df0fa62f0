"""What somebody did for the board, for the file of their own data."""

from __future__ import annotations

from typing import Any

from consilium.site.accounts.models import User
from consilium.site.audit.models import AuditEntry
from consilium.site.audit.recording import pseudonym
from consilium.site.editorial.models import BoardMember, Decision, Edit, Reading

_READING = ("revision__article", "revision__number", "claim", "verdict", "note", "ticks", "seconds", "at")
_DECISION = ("article", "number", "move", "before", "after", "note", "at")
_ENTRY = ("sequence", "at", "action", "subject", "details")


def everything(*, person: User) -> dict[str, Any]:
    """Their page of the board, decisions, verdicts, edits, and their rows of the audit log."""
    profile = BoardMember.objects.filter(user=person).values(
        "name", "credentials", "affiliation", "conflicts"
    )
    actor = pseudonym(person).removeprefix("actor:")
    return {
        "board_member": profile.first(),
        "decisions": list(Decision.objects.filter(by=person).values(*_DECISION)),
        "readings": list(Reading.objects.filter(by=person).values(*_READING)),
        "edits": list(Edit.objects.filter(by=person).values("revision__article", "revision__number", "note")),
        "audit": list(AuditEntry.objects.filter(actor=actor).values(*_ENTRY)),
    }
