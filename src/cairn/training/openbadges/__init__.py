"""Certificates that travel: Open Badges 3.0, status lists, and the short form of a QR code. Pure.

Nothing here reads a record or a key: who signs is handed in, and so are the keys to check with.
"""
