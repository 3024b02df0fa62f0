"""Question in, article out: one module a stage, in the order in which ``answer`` runs them."""
