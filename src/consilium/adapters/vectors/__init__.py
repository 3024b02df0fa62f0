"""Vectors of the sentences of a library: kept in immutable segments, searched exactly."""
