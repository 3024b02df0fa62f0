"""Readers of what registers say about retractions, concerns and corrections; each yields notices."""
