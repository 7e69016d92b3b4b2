"""Bundles that go between an installation and its event kits: their file, their records, the merge.

Pure: values in, values or RuleBroken out. Keys, signatures and tables are handed in by whoever
calls, so that the same rules are tried out in memory and used on records.
"""
