"""Forms of this context."""
