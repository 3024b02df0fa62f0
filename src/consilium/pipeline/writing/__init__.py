"""Writing with a language model: it proposes, and what is published is decided here."""
