"""Forms about identification, by part."""
