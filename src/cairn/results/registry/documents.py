"""What the platform is told of: documents."""


def tell() -> None:
    """Register what this part gives to others."""
