"""What is kept: interactive."""
