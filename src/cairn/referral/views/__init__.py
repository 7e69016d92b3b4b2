"""Pages about persons of concern: lists by code, one record, entering and changing."""
