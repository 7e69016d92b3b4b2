"""Files of figures that people bring, with a preview."""
