"""Documents of oversight: the impact-assessment sheet."""
