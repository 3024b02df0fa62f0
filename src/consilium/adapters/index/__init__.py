"""Indexes of the library; each generation is immutable."""
