"""Reads for screens and documents, split by noun."""
