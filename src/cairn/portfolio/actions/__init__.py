"""Every write of the portfolio, split by noun."""
