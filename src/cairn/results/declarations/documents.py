"""What is kept: documents."""
