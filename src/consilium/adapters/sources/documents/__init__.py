"""Guideline documents (PDF, HTML, Markdown, Word, plain text) become works."""
