"""The lexicon: concepts of medicine as data, and the recogniser that finds them in text."""
