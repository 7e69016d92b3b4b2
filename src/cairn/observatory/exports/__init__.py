"""Exports of this context."""
