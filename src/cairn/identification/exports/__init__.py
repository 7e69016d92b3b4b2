"""Files out of identification."""
