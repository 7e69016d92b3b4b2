"""Documents of assistance, as PDF."""
