"""The library on disk: the store of sources and the generations of its index."""
