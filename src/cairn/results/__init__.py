"""From money to decisions: the chain of results, and documents whose figures are fields."""
