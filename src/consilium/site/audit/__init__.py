"""The append-only log of what was done to articles and accounts, chained by hashes."""
