"""IATI 2.03 read and written as plain values: knows no table of the portfolio and no request."""
