"""Tags and filters of the board."""
