"""Who may enter, and what each role may do."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "cairn.access"
    label = "access"

    def ready(self) -> None:
        from cairn.access.accounts import models, receivers  # noqa: F401 - registers both
        from cairn.access.permissions import Permission
        from cairn.ui import navigation

        navigation.register(
            navigation.Item(
                "roles", _("Roles"), "access:roles", Permission.ROLE_VIEW.value, order=900
            )
        )
        navigation.register(
            navigation.Item(
                "invitations",
                _("Invitations"),
                "access:invitations",
                Permission.ACCOUNT_INVITE.value,
                order=910,
            )
        )
