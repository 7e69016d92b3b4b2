"""What follows when allauth stores a sign-on: of its claims nothing is kept."""

from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from cairn.access.accounts import records
from cairn.access.models import User


@receiver(pre_save, sender=SocialAccount, dispatch_uid="cairn.forget_claims")
def forget_claims(sender: type[SocialAccount], instance: SocialAccount, **kwargs: Any) -> None:
    """Keep the subject alone: what else the provider told is of no use here."""
    instance.extra_data = {}


@receiver(social_account_added, sender=SocialLogin, dispatch_uid="cairn.record_connection")
def record_connection(
    sender: type[SocialLogin], request: HttpRequest, sociallogin: SocialLogin, **kwargs: Any
) -> None:
    if isinstance(sociallogin.user, User):
        records.of_own(sociallogin.user, "user.sign_on_connected")
