"""The Human Trafficking Case Data Standard 2.0 of IOM (24 December 2021): names, codes, mapping.

Pure Python: rows in, contents of reports out, and the other way round. The standard and its lists
are published by IOM under CC BY 4.0; only the names and codes that mapping needs stand here.
"""
