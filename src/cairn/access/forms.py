"""Forms of signing in, of one's own account, and of invitations."""

import unicodedata
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.access import factors
from cairn.access.accounts import lockout, records
from cairn.access.accounts.models import Purpose
from cairn.access.models import User
from cairn.access.permissions import Permission
from cairn.access.roles import LABELS
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.models import Organisation, Unit

CURRENT = {"autocomplete": "current-password"}
# Marks of direction and blanks of no width: Unicode Standard Annex 9, table 1, and General
# Punctuation. The joiners U+200C and U+200D stay, as names are spelt with them.
UNSEEN = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
NEW = {"autocomplete": "new-password"}


class SignInForm(forms.Form):
    """Asks for name and password; one sentence for every refusal, so that names can't be probed."""

    username = forms.CharField(
        label=_("User name"),
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autocapitalize": "none"}
        ),
    )
    password = forms.CharField(
        label=_("Password"), max_length=200, strip=False, widget=forms.PasswordInput(attrs=CURRENT)
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("username") and typed.get("password"):
            user = get_adapter().authenticate(
                self.request,
                username=typed["username"].strip().lower(),
                password=typed["password"],
            )
            if not isinstance(user, User):
                raise forms.ValidationError(
                    _("This user name and password do not open an account. Check both.")
                )
            self.user = user
        return typed


class CodeForm(forms.Form):
    """The six digits of an app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits from your app, or one of your recovery codes."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        ),
    )

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean_code(self) -> str:
        """The code, spent; `authenticator` is then the factor that it belongs to."""
        typed = str(self.cleaned_data["code"]).replace(" ", "")
        key = lockout.of_factor(self.user)
        lockout.take(self.request, key, self.user)
        found = factors.matching(self.user, typed)
        if found is None:
            records.sign_in_failed(self.user, "second-factor")
            raise forms.ValidationError(
                _("This code is not right, or it was used already. Wait for the next one.")
            )
        lockout.release(self.request, key)
        self.authenticator = found
        return typed


class PasswordAgainForm(forms.Form):
    """Whoever is signed in shows the password once more."""

    password = forms.CharField(
        label=_("Password"), max_length=200, strip=False, widget=forms.PasswordInput(attrs=CURRENT)
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        typed = str(self.cleaned_data["password"])
        if not get_adapter().reauthenticate(self.user, typed):
            raise forms.ValidationError(_("This is not your password."))
        return typed


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_(
            "At least 12 characters. A few words that only you would put together do well."
        ),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        password, again = typed.get("password"), typed.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two do not match."))
        if password:
            try:
                validate_password(password, self._like(typed))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return typed

    def _like(self, typed: dict[str, Any]) -> User:
        return self.user


class SetUpAppForm(forms.Form):
    """The first code of a new app; `step` is then the time step that it belongs to."""

    code = forms.CharField(
        label=_("Code that the app shows now"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        ),
    )

    def __init__(self, secret: str, now: float, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret, self.now = secret, now
        self.step = -1

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"]).replace(" ", "")
        step = factors.step_of(self.secret, typed, self.now)
        if step is None:
            raise forms.ValidationError(
                _("This is not the code of now. Check that the clock of your device is right.")
            )
        self.step = step
        return typed


class PasskeyNameForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("So that you know it again: “work phone”, “key on my ring”."),
        max_length=60,
    )


class WhoForm(forms.Form):
    """The name that an invited person chooses."""

    username = forms.CharField(
        label=_("User name"),
        help_text=_("Letters, digits and . _ + -; you sign in with it."),
        max_length=80,
        validators=[RegexValidator(r"^[\w.+-]+\Z", _("Use letters, digits and . _ + - alone."))],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    display_name = forms.CharField(
        label=_("Name that colleagues see"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_display_name(self) -> str:
        """Single blanks, and nothing that is not seen: no two names may only look the same."""
        name = " ".join(str(self.cleaned_data["display_name"]).split())
        if any(sign in UNSEEN or unicodedata.category(sign) == "Cc" for sign in name):
            raise forms.ValidationError(_("Leave out signs that cannot be seen."))
        return name


class AcceptForm(NewPasswordForm, WhoForm):
    """Name and password of an invited person."""

    field_order = ("username", "display_name", "password", "again")

    def _like(self, typed: dict[str, Any]) -> User:
        return User(username=typed.get("username", ""), display_name=typed.get("display_name", ""))


class InviteForm(forms.Form):
    """What an invited person will be, and where."""

    purpose = forms.ChoiceField(
        label=_("What the link is for"), choices=Purpose.choices, widget=forms.RadioSelect
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose an organisation"),
    )
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("No narrower"),
        help_text=_("Only if the role is for one unit alone."),
    )
    role = forms.ChoiceField(label=_("Role"), required=False)
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        help_text=_("Only if the role is for one country alone."),
    )
    area = forms.CharField(
        label=_("Area"),
        required=False,
        max_length=40,
        help_text=_("Only if the role is for one area alone: its code."),
    )
    username = forms.CharField(
        label=_("User name of the existing account"),
        required=False,
        max_length=80,
        help_text=_("Only for a new password and second factor."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Organisation.objects.visible_to(actor)
        if not actor.is_system:
            given = actor.scopes_with(Permission.ROLE_GRANT)
            places = places.filter(pk__in={scope.organisation_id for scope in given})
        self._of("organisation").queryset = places
        if len(only := list(places[:2])) == 1:
            self.initial.setdefault("organisation", only[0].pk)
        self._of("unit").queryset = Unit.objects.visible_to(actor)
        roles = sorted(LABELS.items(), key=lambda pair: str(pair[1]))
        countries = sorted(
            (
                (one.alpha3, geography.country_name(one.alpha3, language()))
                for one in geography.countries()
            ),
            key=lambda pair: pair[1],
        )
        self.fields["role"].choices = [("", _now("Choose a role")), *roles]  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", _now("No narrower")), *countries]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        is_reset = typed.get("purpose") == Purpose.RESET
        if is_reset and not typed.get("username"):
            self.add_error("username", _("Write whose account it is."))
        if not is_reset and not typed.get("role"):
            self.add_error("role", _("Choose the role that the person gets."))
        return typed

    def _of(self, name: str) -> "forms.ModelChoiceField[Any]":
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        return field


class RoleForm(InviteForm):
    """A role for somebody who has an account."""

    starts_on = forms.DateField(
        label=_("From"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("Leave empty when no end is known."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("purpose", "username"):
            del self.fields[name]
        self.fields["role"].required = True

    def clean(self) -> dict[str, Any]:
        return forms.Form.clean(self) or {}
