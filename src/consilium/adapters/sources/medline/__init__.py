"""MEDLINE and PubMed, as XML and as text, become works."""
