"""Rows of the Human Trafficking Case Data Standard and contents of reports, both ways. Pure."""
