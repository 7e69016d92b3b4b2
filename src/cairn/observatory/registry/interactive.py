"""What the platform is told of: interactive."""

from django.utils.translation import gettext_lazy as _

from cairn.oversight import wording
from cairn.ui import navigation


def tell() -> None:
    """Register what this part gives to others."""
    navigation.register(
        navigation.Item("ask", _("Ask the statistics"), "observatory:ask", order=373)
    )
    wording.SENTENCES["statistics.asked"] = _("asked an open question of the statistics.")
