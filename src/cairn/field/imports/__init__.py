"""Files that partners bring to the field: our published form, filled in with other tools."""
