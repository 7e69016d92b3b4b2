"""Amounts of money: read as printed, taken from imports, shown, and compared when they differ."""

from cairn.core.money.amounts import AmountRefused, format_usd, parse_amount
from cairn.core.money.differences import REASONS, likely_reason
from cairn.core.money.figures import Reading
from cairn.core.money.printed import PrintedAmount, read_money

__all__ = [
    "REASONS",
    "AmountRefused",
    "PrintedAmount",
    "Reading",
    "format_usd",
    "likely_reason",
    "parse_amount",
    "read_money",
]
