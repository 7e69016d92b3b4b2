"""What is kept: pipeline."""
