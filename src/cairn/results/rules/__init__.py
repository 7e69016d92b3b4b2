"""Rules of results: pure functions."""
