"""Rules of identification: pure, by part."""
