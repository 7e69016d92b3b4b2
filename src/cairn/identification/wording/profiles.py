"""How the log tells of profiles of countries."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "country_profile.set": _("set the profile of a country."),
}
