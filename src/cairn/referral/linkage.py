"""The whole register at once, by Splink on DuckDB; needs the extra `linkage`."""
