"""Views of this context."""
