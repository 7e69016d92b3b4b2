"""Documents of this context: what is laid out for readers and programs."""
