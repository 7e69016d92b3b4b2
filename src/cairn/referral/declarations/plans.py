"""What is kept of assistance plans and returns."""
