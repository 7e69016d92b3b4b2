"""Queries of this context."""
