"""What holds for practices and tools, without a database."""
