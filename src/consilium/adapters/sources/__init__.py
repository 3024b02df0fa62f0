"""Readers that turn files into sources and sentences."""
