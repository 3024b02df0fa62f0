"""What Crossref's names for notices mean, as publishers write them."""

from __future__ import annotations

from consilium.domain.notice import NoticeKind

# Crossref: "Updates and types of updates", and what its records hold beside those ("retration", "err").
_KINDS = {
    NoticeKind.RETRACTED: ("retraction", "retration", "partial_retraction"),
    NoticeKind.WITHDRAWN: ("withdrawal", "removal"),
    NoticeKind.CONCERN: ("expression_of_concern",),
    NoticeKind.CORRECTED: ("correction", "corrigendum", "erratum", "err", "corrected_article"),
    NoticeKind.REINSTATED: ("reinstatement",),
}
_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}


def kind_of(told: object) -> NoticeKind | None:
    """The kind of a notice; None where it says nothing of how the work stands ("comment", "new_version")."""
    return (
        _BY_NAME.get(told.strip().lower().replace("-", "_").replace(" ", "_"))
        if isinstance(told, str)
        else None
    )
