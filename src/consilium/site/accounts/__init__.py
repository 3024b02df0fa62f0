"""People: who signs in, and what is theirs."""
