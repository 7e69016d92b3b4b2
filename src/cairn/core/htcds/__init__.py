"""The Human Trafficking Case Data Standard 2.0 of IOM (24 December 2021): names, codes, files.

Pure Python. What becomes of each field stands where the records are: in reports and procedures, in
files of persons. The standard and its lists are published by IOM under CC BY 4.0; only the names
and codes that mapping needs stand here.
"""
