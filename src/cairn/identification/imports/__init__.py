"""Files that partners bring: read in memory, shown, sealed. No readable copy stays anywhere."""
