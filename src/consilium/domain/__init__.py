"""What the words mean: frozen values and enumerations, standard library only."""
