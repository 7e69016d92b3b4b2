"""Whether two records may be of one person: spelling, features, scores. Pure; no database."""
