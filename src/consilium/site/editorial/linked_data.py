"""What search engines are told about an article: JSON-LD, ``MedicalWebPage`` of schema.org.

``lastReviewed`` and ``reviewedBy`` are said only of words that are approved as they stand.
"""

from __future__ import annotations

from typing import Any

from consilium.domain.review import Status
from consilium.site.articles.models import Article, Revision

_AUDIENCES = {"patient": "Patient", "student": "MedicalAudience", "clinician": "Clinician"}


def linked_data(
    article: Article, revision: Revision, review: dict[str, Any] | None, *, audience: str, address: str
) -> dict[str, Any]:
    """The object of one page.

    Args:
        review: of the contract, as the page shows it.
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
    if review and review["status"] == Status.APPROVED:
        data["lastReviewed"] = review["reviewed_on"]
        data["reviewedBy"] = {"@type": "Person", "name": review["reviewed_by"]}
    return data
