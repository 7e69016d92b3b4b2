"""What the platform is told of: indicators."""

from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.ui import navigation


def tell() -> None:
    """Register what this part gives to others."""
    from cairn.observatory.imports.indicators import register_kinds

    register_kinds()
    navigation.register(
        navigation.Item(
            "national",
            _("National figures"),
            "observatory:national",
            Permission.STATISTICS_VIEW,
            order=372,
        )
    )
