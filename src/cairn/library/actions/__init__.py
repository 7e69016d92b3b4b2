"""Every write of the library."""
