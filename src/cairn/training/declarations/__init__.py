"""What training keeps of whom, for how long, and who sees it."""

from cairn.training.declarations import (  # noqa: F401 - each declares its models
    assessment,
    attendance,
    credentials,
    curriculum,
    delivery,
    kits,
    nominations,
    outcomes,
    people,
)
