"""Forms about reception keys: passphrases, codes that are told by mouth, whom a key goes to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.identification.rules.unit_keys import LONGEST_PASSPHRASE, SHORTEST_PASSPHRASE
from cairn.ui.forms import offer


def passphrase_field(label: Any = "", help_text: Any = "") -> forms.CharField:
    """A passphrase: never shown again, never offered by the browser."""
    return forms.CharField(
        label=label or _("Your reading passphrase"),
        help_text=help_text,
        max_length=LONGEST_PASSPHRASE,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )


def code_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class NewPassphraseForm(forms.Form):
    """A reading passphrase and the same once more, so that no slip locks anybody out."""

    passphrase = passphrase_field(
        help_text=_(
            "At least twelve signs; four words that do not belong together are good. It is another"
            " one than your password. Who holds a key of this unit already uses the same."
        )
    )
    again = passphrase_field(_("The same passphrase again"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "again" in given and given.get("passphrase") != given["again"]:
            self.add_error("again", _("The two passphrases differ."))
        if 0 < len(given.get("passphrase", "").strip()) < SHORTEST_PASSPHRASE:
            self.add_error("passphrase", _("This passphrase is too short."))
        return given


class HandOverForm(forms.Form):
    """To whom a key goes, with the passphrase that opens one's own copy."""

    for_user = forms.ChoiceField(label=_("To whom"))
    passphrase = passphrase_field()

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["for_user"], [("", _("Choose")), *people])


class TakeOverForm(NewPassphraseForm):
    """The code that a colleague told by mouth, and one's own passphrase for the copy."""

    code = code_field(_("Code that your colleague told you"), _("Sixteen signs, in four groups."))
    field_order = ("code", "passphrase", "again")


class RecoverForm(NewPassphraseForm):
    """The code out of the safe, and a passphrase for the copy."""

    code = code_field(_("Recovery code out of the safe"), _("Twenty-eight signs, in seven groups."))
    field_order = ("code", "passphrase", "again")


class ChangePassphraseForm(NewPassphraseForm):
    """The passphrase until now and the new one."""

    old = passphrase_field(_("Your passphrase until now"))
    field_order = ("old", "passphrase", "again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passphrase"].label = _("New reading passphrase")
        self.fields["passphrase"].help_text = _(
            "At least twelve signs. It holds for all keys of this unit that you hold."
        )
