"""Template tags of the shell; the library itself is ui.py."""
