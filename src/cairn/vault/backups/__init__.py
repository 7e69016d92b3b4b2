"""Copies of records and of keys: made apart, encrypted, proven by restoring, put back, scrubbed."""
