"""What is kept of records that may be about the same person."""
