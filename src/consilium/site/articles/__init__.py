"""Articles: asking for them, keeping them, reading them."""
