"""What is kept of recipients without an account, exchange formats, counts."""
