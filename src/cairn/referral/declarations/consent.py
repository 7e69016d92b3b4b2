"""What is kept of consent, and the rights of the person."""
