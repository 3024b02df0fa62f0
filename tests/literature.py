"""Small files of literature, made for tests; nothing in them is anybody's."""

from __future__ import annotations

import gzip
from pathlib import Path

ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<DateRevised><Year>2021</Year><Month>03</Month><Day>04</Day></DateRevised>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><Volume>12</Volume><Issue>3</Issue>
<PubDate>{date}</PubDate></JournalIssue><Title>Journal of made things</Title><ISOAbbreviation>J Made</ISOAbbreviation>
</Journal><ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>101-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.1000/made.{pmid}</ELocationID>{abstract}
<AuthorList CompleteYN="Y">{authors}</AuthorList><Language>eng</Language>
<PublicationTypeList>{types}</PublicationTypeList></Article>
<MedlineJournalInfo><MedlineTA>J Made</MedlineTA></MedlineJournalInfo>
<MeshHeadingList>{headings}</MeshHeadingList>{corrections}</MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>
<ArticleId IdType="pmc">PMC77</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
"""
ABSTRACT = """<Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">To learn whether walking helps.</AbstractText>
<AbstractText Label="METHODS AND RESULTS" NlmCategory="METHODS">We randomly assigned 40 adults to walking or rest.
Pain was measured weekly. Pain fell by 2.5 points (95% CI 1.1 to 3.9; P &lt; .001) with walking.</AbstractText>
<AbstractText Label="CONCLUSION" NlmCategory="CONCLUSIONS">Walking reduced pain.</AbstractText>
<CopyrightInformation>Copyright 2020 Nobody.</CopyrightInformation></Abstract>"""
PERSON = (
    "<Author ValidYN='Y'><LastName>{}</LastName><ForeName>Ann B</ForeName><Initials>AB</Initials></Author>"
)


def article(
    pmid: int | str = 1,
    title: str = "Walking for pain.",
    abstract: str = ABSTRACT,
    authors: str = PERSON.format("Maker"),
    types: tuple[str, ...] = ("Journal Article",),
    headings: str = "",
    corrections: str = "",
    date: str = "<Year>2020</Year><Month>Jun</Month>",
) -> str:
    """One article of PubMed XML."""
    named = "".join(f'<PublicationType UI="D0">{name}</PublicationType>' for name in types)
    return ARTICLE.format(
        pmid=pmid, title=title, abstract=abstract, authors=authors, types=named, headings=headings,
        corrections=corrections, date=date,
    )  # fmt: skip


def pubmed(*articles: str, head: str = "") -> bytes:
    """A file of PubMed XML."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}<PubmedArticleSet>{"".join(articles)}</PubmedArticleSet>'.encode()


def heading(name: str, *qualifiers: str, major: bool = False) -> str:
    """One MeSH heading."""
    inner = "".join(f'<QualifierName UI="Q0" MajorTopicYN="N">{name}</QualifierName>' for name in qualifiers)
    flag = "Y" if major else "N"
    return f'<MeshHeading><DescriptorName UI="D0" MajorTopicYN="{flag}">{name}</DescriptorName>{inner}</MeshHeading>'


def correction(kind: str, pmid: int | None = 9, text: str = "J Made. 2021;1:1.") -> str:
    """A list with one pointer to another record."""
    number = f'<PMID Version="1">{pmid}</PMID>' if pmid else ""
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}"><RefSource>{text}</RefSource>{number}'
        "</CommentsCorrections></CommentsCorrectionsList>"
    )


NBIB = """
PMID- 1
OWN - NLM
LR  - 20210304
VI  - 12
IP  - 3
DP  - 2020 Jun
TI  - Walking for
      pain.
PG  - 101-9
AB  - AIM: To learn whether walking helps. METHODS: We randomly assigned 40 adults to
      walking or rest. RESULTS: Pain fell by 2.5 points. CONCLUSION: Walking reduced
      pain.
FAU - Maker, Ann B
AU  - Maker AB
CN  - Walkers' Group
LA  - eng
PT  - Journal Article
PT  - Randomized Controlled Trial
TA  - J Made
JT  - Journal of made things
MH  - Adult
MH  - Humans
MH  - Pain/*therapy
PMC - PMC77
AID - 10.1000/made.1 [doi]
SO  - J Made. 2020 Jun;12(3):101-9.

PMID- 2
TI  - Resting for pain.
DP  - 1998 Dec-1999 Jan
UIN - J Made. 2001;2:2. PMID: 77
PT  - Practice Guideline
"""
JATS = """<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" xml:lang="en"><front>
<journal-meta><journal-id journal-id-type="nlm-ta">J Made</journal-id><journal-title-group><journal-title>Journal
of made things</journal-title></journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="pmid">1</article-id><article-id pub-id-type="pmc">77</article-id>
<article-id pub-id-type="doi">10.1000/made.1</article-id>
<title-group><article-title>Walking for pain: a randomised trial</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Maker</surname><given-names>Ann B</given-names></name>
</contrib><contrib contrib-type="author"><collab>Walkers' Group</collab></contrib></contrib-group>
<pub-date pub-type="collection"><year>2020</year></pub-date>
<pub-date pub-type="epub"><day>4</day><month>6</month><year>2020</year></pub-date>
<volume>12</volume><issue>3</issue><fpage>101</fpage><lpage>109</lpage>
<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>Open.</license-p></license>
</permissions><abstract><sec><title>Background</title><p>Pain is common.</p></sec><sec><title>Conclusions</title>
<p>Walking reduced pain.</p></sec></abstract><kwd-group><kwd>walking</kwd></kwd-group></article-meta></front>
<body><sec id="s1"><title>Methods</title><p>We studied adults [<xref ref-type="bibr" rid="B1">1</xref>,<xref
ref-type="bibr" rid="B2">2</xref>].<xref ref-type="bibr" rid="B3"><sup>3</sup></xref> Counts of 10<sup>9</sup>/L were
normal.</p></sec><sec id="s2"><title>Results</title><sec id="s2a"><title>Pain</title><p>Pain fell by 2 points.</p>
<table-wrap id="t1"><label>Table 1</label><caption><p>Pain by arm.</p></caption><table><thead><tr><th>Arm</th><th>n</th>
<th>Score</th></tr></thead><tbody><tr><td>Walking</td><td>20</td><td>3.1</td></tr><tr><td>Rest</td><td>20</td>
<td>5.6</td></tr></tbody></table><table-wrap-foot><p>Lower is better.</p></table-wrap-foot></table-wrap></sec></sec>
<sec id="s3"><title>Discussion</title><p>Others found the same.</p><p>In conclusion, walking helps.</p>
<boxed-text id="b1"><caption><title>Recommendations</title></caption><p>Offer walking.</p></boxed-text></sec>
<sec><title>Competing interests</title><p>None declared.</p></sec></body>
<back><ref-list><ref id="B1"><mixed-citation>Somebody. Something.</mixed-citation></ref></ref-list></back></article>"""


def written(folder: Path, name: str, data: bytes | str) -> Path:
    """A file of these bytes, packed by gzip where its name says so."""
    path = folder / name
    held = data.encode() if isinstance(data, str) else data
    path.write_bytes(
        gzip.compress(held, mtime=0) if name.endswith(".gz") and held[:2] != b"\x1f\x8b" else held
    )
    return path
