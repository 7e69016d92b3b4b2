"""Documents of this context."""
