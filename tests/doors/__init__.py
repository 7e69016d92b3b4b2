"""Negative tests made from one table: every address, by everybody, on everybody's records."""
