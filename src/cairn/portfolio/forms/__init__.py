"""Shape and wording of input, split by noun."""
