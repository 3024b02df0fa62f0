"""Crossref's REST interface over the records that were made up; it confirms what a client has by its tag."""

from __future__ import annotations

import json

from tests.outside.records import BY_PMID, RECORDS

JSON = {"Content-Type": "application/json", "ETag": '"made-1"'}


def answer(tool, asked, headers):
    """(status, headers, body) of one request."""
    if headers.get("If-None-Match") == JSON["ETag"]:
        return 304, JSON, b""
    if tool == "works":
        doi = asked["filter"].removeprefix("updates:").lower()
        items = [_work(r) for r in RECORDS if any(of["DOI"].lower() == doi for of in _updated(r))]
        message = {"total-results": len(items), "items": items}
        return _told("work-list", message)
    record = next((r for r in RECORDS if r["doi"].lower() == tool.removeprefix("works/").lower()), None)
    return (
        _told("work", _work(record))
        if record
        else (404, {"Content-Type": "text/plain"}, b"Resource not found.")
    )


def _told(kind, message):
    body = {"status": "ok", "message-type": kind, "message-version": "1.0.0", "message": message}
    return 200, JSON, json.dumps(body).encode()


def _work(record):
    work = {"DOI": record["doi"], "type": "journal-article", "title": [record["title"]], "publisher": "Made"}
    updated = _updated(record)
    return work | ({"update-to": updated} if updated else {})


def _updated(record):
    return [
        {
            "DOI": BY_PMID[pmid]["doi"],
            "type": "retraction",
            "label": "Retraction",
            "source": "publisher",
            "updated": {
                "date-parts": [[2013, 5, 6]],
                "date-time": "2013-05-06T00:00:00Z",
                "timestamp": 1367798400000,
            },
        }
        for kind, pmid in record["corrections"]
        if kind == "RetractionOf"
    ]
