"""The board's work in the staff admin: to look at."""

from __future__ import annotations

from consilium.site.accounts.admin import ReadOnlyAdmin, staff
from consilium.site.editorial.models import (
    Approval,
    BoardMember,
    Correction,
    Decision,
    Edit,
    Reading,
    Review,
    Tombstone,
)


class ReviewAdmin(ReadOnlyAdmin):
    """Where articles stand."""

    list_display = ("article", "status", "evidence", "since", "taken_by")
    list_filter = ("status", "evidence")
    list_select_related = ("article", "taken_by")


class DecisionAdmin(ReadOnlyAdmin):
    """Who decided what, when."""

    list_display = ("article", "move", "before", "after", "by", "at")
    list_filter = ("move",)
    list_select_related = ("article", "by")


class ApprovalAdmin(ReadOnlyAdmin):
    """What approvers put their names to."""

    list_display = ("decision", "name", "content_id")
    list_select_related = ("decision",)


class ReadingAdmin(ReadOnlyAdmin):
    """Verdicts on statements."""

    list_display = ("revision", "claim", "verdict", "by", "at")
    list_filter = ("verdict",)
    list_select_related = ("revision__article", "by")


class EditAdmin(ReadOnlyAdmin):
    """Who made which revision."""

    list_display = ("revision", "by", "note")
    list_select_related = ("revision__article", "by")


class CorrectionAdmin(ReadOnlyAdmin):
    """What readers were told of corrections."""

    list_display = ("article", "number", "words", "at")
    list_select_related = ("article",)


class BoardMemberAdmin(ReadOnlyAdmin):
    """What readers are told about the people of the board."""

    list_display = ("name", "affiliation", "updated")


class TombstoneAdmin(ReadOnlyAdmin):
    """That a revision was there."""

    list_display = ("article", "number", "why", "at")


staff.register(Review, ReviewAdmin)
staff.register(Decision, DecisionAdmin)
staff.register(Approval, ApprovalAdmin)
staff.register(Reading, ReadingAdmin)
staff.register(Edit, EditAdmin)
staff.register(Correction, CorrectionAdmin)
staff.register(BoardMember, BoardMemberAdmin)
staff.register(Tombstone, TombstoneAdmin)
