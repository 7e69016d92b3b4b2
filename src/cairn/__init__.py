"""Cairn: one chain from money to training, first contact, help, justice and published counts."""

__version__ = "0.1.0"
