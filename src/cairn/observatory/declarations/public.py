"""What is kept: public."""
