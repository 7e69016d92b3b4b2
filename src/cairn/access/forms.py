"""The sign-in form."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cairn.access.models import User


class SignInForm(forms.Form):
    """Asks for name and password; one sentence for every refusal, so that names can't be probed."""

    username = forms.CharField(
        label=_("User name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("username") and typed.get("password"):
            user = authenticate(
                self.request,
                username=typed["username"].strip().lower(),
                password=typed["password"],
            )
            if not isinstance(user, User) or not user.may_enter:
                raise forms.ValidationError(
                    _("This user name and password do not open an account. Check both.")
                )
            self.user = user
        return typed
