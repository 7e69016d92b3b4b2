"""Sealed reports on their way: their form, their sealing, what stands in them, and receipts.

Pure: nothing here knows a database or a request. The clients make the same in JavaScript.
"""
