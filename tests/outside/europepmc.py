"""Europe PMC's REST interface over the records that were made up."""

from __future__ import annotations

import json

from tests.outside.records import RECORDS, article_xml

JSON = {"Content-Type": "application/json;charset=UTF-8"}


def answer(tool, asked, _headers):
    """(status, headers, body) of one request."""
    if tool == "search":
        return 200, JSON, json.dumps(_found(asked)).encode()
    record = next((r for r in RECORDS if r["pmcid"] and tool == f"{r['pmcid']}/fullTextXML"), None)
    if record is None or record["licence"] is None:
        return 404, {"Content-Type": "text/plain"}, b""
    return 200, {"Content-Type": "application/xml"}, article_xml(record)


def _found(asked):
    words = [word.lower() for word in asked["query"].replace('"', " ").split() if word not in {"AND", "OR"}]
    found = [r for r in RECORDS if all(word in f"{r['title']} {r['abstract']}".lower() for word in words)]
    rows = [_row(record) for record in found[: int(asked["pageSize"])]]
    return {
        "version": "6.9",
        "hitCount": len(found),
        "nextCursorMark": "AoJ",
        "request": {"queryString": asked["query"], "resultType": asked["resultType"], "cursorMark": "*"},
        "resultList": {"result": rows},
    }


def _row(record):
    row = {
        "id": record["pmid"],
        "source": "MED",
        "pmid": record["pmid"],
        "doi": record["doi"],
        "title": record["title"],
        "authorString": "Made U.",
        "pubYear": str(record["year"]),
        "abstractText": record["abstract"],
        "isOpenAccess": "Y" if record["pmcid"] else "N",
        "inEPMC": "Y" if record["pmcid"] else "N",
    }
    if record["pmcid"]:
        row |= {"pmcid": record["pmcid"], "license": record["licence"]}
    return row
