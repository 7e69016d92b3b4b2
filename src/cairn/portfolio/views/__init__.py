"""Pages of the portfolio, split by noun."""
