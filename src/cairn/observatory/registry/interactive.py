"""What the platform is told of: interactive."""


def tell() -> None:
    """Register what this part gives to others."""
