"""Rows of assistance out, as files."""
