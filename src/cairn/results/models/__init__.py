"""All records of this context."""
