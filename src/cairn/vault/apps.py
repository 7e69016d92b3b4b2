"""Keys and sealing: the one place where values about people are closed and opened."""

from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class VaultConfig(AppConfig):
    name = "cairn.vault"
    label = "vault"

    def ready(self) -> None:
        from cairn.vault import checks, keyring

        checks.register()
        # A key that one request warmed is never at hand in the next.
        for signal in (request_started, request_finished):
            signal.connect(keyring.forget_warmed, dispatch_uid=f"vault-forget-{id(signal)}")
