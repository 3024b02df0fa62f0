"""Editorial work: the board takes, reads, changes, approves, corrects and withdraws articles."""
