"""Embedders: texts turned into vectors, each adapter one way to do it."""
