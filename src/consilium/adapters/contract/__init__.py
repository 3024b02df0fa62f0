"""The article contract: its schema, its invariants, and the codec between values and JSON."""
