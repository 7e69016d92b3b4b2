"""Referrals: the lists of what was sent and what came in."""
