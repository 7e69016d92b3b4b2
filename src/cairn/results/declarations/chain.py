"""What is kept: chain."""
