"""Replay files: how one answer came about, to be answered again and compared."""
