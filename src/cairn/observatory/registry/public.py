"""What the platform is told of published statistics."""

from django.utils.translation import gettext_lazy as _


def tell() -> None:
    """Register the entry that everybody sees, the measures, and a sentence of the log."""
    from cairn.core import measures
    from cairn.observatory.chain import MEASURES
    from cairn.oversight import wording
    from cairn.ui import navigation

    navigation.register(
        navigation.Item(
            "statistics", _("Statistics"), "observatory:statistics", order=128, public=True
        )
    )
    wording.SENTENCES["bulletin.issued"] = _("issued a bulletin of statistics.")
    measures.register(*MEASURES)
