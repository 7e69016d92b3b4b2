"""Every write about identification, by part."""
