"""E-utilities over the records that were made up."""

from __future__ import annotations

import hashlib
from xml.sax.saxutils import escape

from tests.outside.records import BY_PMID, RECORDS, pubmed_xml
from tests.outside.terms import matching

XML = {"Content-Type": "text/xml; charset=UTF-8"}
_HISTORY = {}


def doctype(name, version, date):
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE {name} PUBLIC "-//NLM//DTD {version}//EN" '
        f'"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/{date}.dtd">\n'
    )


_SEARCH = doctype("eSearchResult", "esearch 20060628", "20060628/esearch")
_SUMMARY = doctype("eSummaryResult", "esummary v1 20041029", "20041029/esummary-v1")
_LINK = doctype("eLinkResult", "elink 20101123", "20101123/elink")


def answer(tool, asked, _headers):
    """(status, headers, body) of one request."""
    made = {"esearch.fcgi": search, "efetch.fcgi": fetch, "esummary.fcgi": summary, "elink.fcgi": link}[tool](
        asked
    )
    return 200, XML, made.encode() if isinstance(made, str) else made


def search(asked):
    if not asked.get("term"):
        return (
            _SEARCH + "<eSearchResult><ERROR>Empty term and query_key - nothing todo</ERROR></eSearchResult>"
        )
    found = [record["pmid"] for record in matching(asked["term"], RECORDS)]
    first, most = int(asked.get("retstart", 0)), int(asked.get("retmax", 20))
    shown = found[first : first + most]
    history = ""
    if asked.get("usehistory") == "y":
        place = "MCID_" + hashlib.sha256(asked["term"].encode()).hexdigest()[:24]
        _HISTORY[place] = found
        history = f"<QueryKey>1</QueryKey><WebEnv>{place}</WebEnv>"
    ids = "".join(f"<Id>{pmid}</Id>\n" for pmid in shown)
    listed = f"<IdList>\n{ids}</IdList>" if shown else "<IdList/>"
    warned = "" if found else "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
    return (
        f"{_SEARCH}<eSearchResult><Count>{len(found)}</Count><RetMax>{len(shown)}</RetMax><RetStart>{first}</RetStart>"
        f"{history}{listed}<TranslationSet/><QueryTranslation>{escape(asked['term'])}</QueryTranslation>{warned}"
        "</eSearchResult>"
    )


def fetch(asked):
    if "WebEnv" in asked:
        found = _HISTORY.get(asked["WebEnv"])
        if found is None:
            return "<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"
        first = int(asked.get("retstart", 0))
        return pubmed_xml(found[first : first + int(asked["retmax"])])
    return pubmed_xml(asked.get("id", "").split(","))


def summary(asked):
    if not asked.get("id"):
        return f"{_SUMMARY}<eSummaryResult>\n\t<ERROR>Neither query_key nor id specified</ERROR>\n</eSummaryResult>"
    rows = "".join(_row(BY_PMID[pmid]) for pmid in asked["id"].split(",") if pmid in BY_PMID)
    return f"{_SUMMARY}<eSummaryResult>\n{rows}</eSummaryResult>"


def _row(record):
    types = "".join(f'<Item Name="PubType" Type="String">{name}</Item>' for name in record["types"])
    return (
        f'<DocSum><Id>{record["pmid"]}</Id><Item Name="PubDate" Type="Date">{record["year"]} Jan</Item>'
        f'<Item Name="Source" Type="String">J Made</Item><Item Name="Title" Type="String">{escape(record["title"])}'
        f'</Item><Item Name="PubTypeList" Type="List">{types}</Item><Item Name="DOI" Type="String">{record["doi"]}'
        '</Item><Item Name="HasAbstract" Type="Integer">1</Item></DocSum>\n'
    )


def link(asked):
    mine = set(BY_PMID[asked["id"]]["mesh"])
    near = sorted(RECORDS, key=lambda r: (r["pmid"] != asked["id"], -len(mine & set(r["mesh"])), r["pmid"]))
    links = "".join(f"<Link>\n\t<Id>{record['pmid']}</Id>\n</Link>" for record in near)
    return (
        f"{_LINK}<eLinkResult>\n<LinkSet><DbFrom>pubmed</DbFrom><IdList><Id>{asked['id']}</Id></IdList><LinkSetDb>"
        f"<DbTo>pubmed</DbTo><LinkName>pubmed_pubmed</LinkName>{links}</LinkSetDb></LinkSet></eLinkResult>"
    )
