"""Articles in JATS, as PubMed Central gives them out, become works in full text."""
