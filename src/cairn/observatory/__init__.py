"""Statistics that nobody can turn back into a person: counts, protected, attacked, signed."""
