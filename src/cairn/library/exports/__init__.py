"""Practices and tools as rows of files."""
