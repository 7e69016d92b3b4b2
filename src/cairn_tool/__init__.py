"""What the `cairn` script does, with Python's standard library alone.

It runs before anything is installed, so it imports nothing from `cairn` or from a package.
"""
