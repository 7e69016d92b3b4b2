"""What the platform is told of: indicators."""


def tell() -> None:
    """Register what this part gives to others."""
