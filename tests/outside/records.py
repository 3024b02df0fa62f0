"""Records that nobody wrote: their findings are made up, and none is evidence of anything."""

from __future__ import annotations

from xml.sax.saxutils import escape

DTD = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)


def _record(pmid, title, abstract, types, mesh, **more):
    return {
        "pmid": str(pmid),
        "title": title,
        "abstract": abstract,
        "types": types,
        "mesh": mesh,
        "doi": f"10.5555/made.{pmid}",
        "pmcid": None,
        "licence": None,
        "corrections": [],
        "year": 2024,
        **more,
    }


RECORDS = [
    _record(
        90000001,
        "Made guideline on febuxostat in gout",
        "Febuxostat is recommended for adults with gout who cannot take allopurinol.",
        ["Journal Article", "Practice Guideline"],
        ["Gout", "Febuxostat", "Humans", "Adult"],
    ),
    _record(
        90000002,
        "Made systematic review of febuxostat against allopurinol in gout",
        "In 12 made trials febuxostat lowered serum urate in gout more often than allopurinol did.",
        ["Journal Article", "Systematic Review", "Meta-Analysis"],
        ["Gout", "Febuxostat", "Allopurinol", "Humans"],
        pmcid="PMC9000002",
        licence="cc by",
    ),
    _record(
        90000003,
        "Made trial of febuxostat in gout",
        "Of 200 made-up adults with gout, 120 reached the target on febuxostat.",
        ["Journal Article", "Randomized Controlled Trial"],
        ["Gout", "Febuxostat", "Humans"],
        corrections=[("RetractionIn", "90000004")],
        year=2011,
    ),
    _record(
        90000004,
        "Retraction: Made trial of febuxostat in gout",
        "",
        ["Journal Article", "Retraction Notice"],
        [],
        corrections=[("RetractionOf", "90000003")],
        year=2013,
    ),
    _record(
        90000005,
        "Made cohort of metformin in Parkinson disease",
        "Metformin 500 mg was taken by 40 made-up people with Parkinson disease at C5/C6 and 120/80.",
        ["Journal Article"],
        ["Metformin", "Parkinson Disease", "Humans"],
        pmcid="PMC9000005",
        licence="cc by-nc",
    ),
    _record(
        90000006,
        "Made case report of gout of the spine",
        "One made-up person had gout of the spine, résumé: œdema.",
        ["Case Reports"],
        ["Gout", "Spine", "Humans"],
    ),
]
BY_PMID = {record["pmid"]: record for record in RECORDS}


def pubmed_xml(pmids, dtd=DTD):
    """Records as efetch gives them."""
    articles = "".join(_article(BY_PMID[pmid]) for pmid in pmids if pmid in BY_PMID)
    return f'<?xml version="1.0" ?>\n{dtd}\n<PubmedArticleSet>\n{articles}</PubmedArticleSet>'.encode()


def _article(record):
    text = f"<Abstract><AbstractText>{escape(record['abstract'])}</AbstractText></Abstract>"
    types = "".join(f'<PublicationType UI="D0">{name}</PublicationType>' for name in record["types"])
    mesh = "".join(
        f'<MeshHeading><DescriptorName UI="D0" MajorTopicYN="N">{name}</DescriptorName></MeshHeading>'
        for name in record["mesh"]
    )
    notes = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>J Made. {record["year"]}</RefSource>'
        f'<PMID Version="1">{pmid}</PMID></CommentsCorrections>'
        for kind, pmid in record["corrections"]
    )
    ids = f'<ArticleId IdType="pubmed">{record["pmid"]}</ArticleId><ArticleId IdType="doi">{record["doi"]}</ArticleId>'
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{record["pmid"]}</PMID>'
        f"<DateRevised><Year>{record['year']}</Year><Month>01</Month><Day>02</Day></DateRevised>"
        f'<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><PubDate><Year>{record["year"]}</Year>'
        "</PubDate></JournalIssue><Title>Journal of made records</Title><ISOAbbreviation>J Made</ISOAbbreviation>"
        f"</Journal><ArticleTitle>{escape(record['title'])}</ArticleTitle>{text if record['abstract'] else ''}"
        "<AuthorList CompleteYN='Y'><Author ValidYN='Y'><LastName>Made</LastName><ForeName>Up</ForeName>"
        f"<Initials>U</Initials></Author></AuthorList><Language>eng</Language><PublicationTypeList>{types}"
        f"</PublicationTypeList></Article><MedlineJournalInfo><MedlineTA>J Made</MedlineTA></MedlineJournalInfo>"
        f"<CommentsCorrectionsList>{notes}</CommentsCorrectionsList><MeshHeadingList>{mesh}</MeshHeadingList>"
        f"</MedlineCitation><PubmedData><ArticleIdList>{ids}</ArticleIdList></PubmedData></PubmedArticle>\n"
    )


def article_xml(record):
    """A full text in JATS."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><article article-type="research-article"><front><article-meta>'
        f'<article-id pub-id-type="pmcid">{record["pmcid"]}</article-id><title-group><article-title>'
        f"{escape(record['title'])}</article-title></title-group></article-meta></front><body><sec>"
        f"<title>Results</title><p>{escape(record['abstract'])}</p></sec></body></article>"
    ).encode()
