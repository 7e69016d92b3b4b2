"""What people type about practices and tools."""
