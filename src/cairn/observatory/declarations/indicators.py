"""What is kept: indicators."""
