"""What search engines are told about an article: JSON-LD, ``MedicalWebPage`` of schema.org.

``lastReviewed`` and ``reviewedBy`` are said only of words that are approved as they stand.
"""

from __future__ import annotations

from typing import Any

from consilium.domain.review import Status
from consilium.site.articles.models import Article, Revision
from consilium.site.editorial.standing import Standing

_AUDIENCES = {"patient": "Patient", "student": "MedicalAudience", "clinician": "Clinician"}


def linked_data(
    article: Article, revision: Revision, standing: Standing, *, audience: str, address: str
) -> dict[str, Any]:
    """The object of one page.

    Args:
        address: of the page, absolute.
    """
    content = revision.document["content"]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "url": address,
        "name": content["title"],
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "dateModified": revision.created.date().isoformat(),
        "audience": {"@type": "MedicalAudience", "audienceType": _AUDIENCES[audience]},
        "citation": [
            {
                "@type": "CreativeWork",
                "name": reference["title"],
                **({"datePublished": str(reference["year"])} if reference["year"] else {}),
            }
            for reference in content["references"]
        ],
    }
    if article.published:
        data["datePublished"] = article.published.date().isoformat()
    if standing.status is Status.APPROVED and standing.approval:
        data["lastReviewed"] = standing.approval.decision.at.date().isoformat()
        data["reviewedBy"] = {"@type": "Person", "name": standing.approval.name}
    return data
