"""Everything that touches the world; one outside thing a module."""
