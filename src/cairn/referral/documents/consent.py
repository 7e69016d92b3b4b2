"""The slip that a person may take along after a conversation, and may just as well leave behind.

Whoever finds it learns a day and a reference, and nothing of what was talked about, with whom or
what for. Its title and its file name say as little.
"""

from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from cairn.ui.formats import date_text
from cairn.ui.pdf import forget, render

TEMPLATE: Final = "referral/documents/typst/slip.typ"
FILE_NAME: Final = "note.pdf"


def render_slip(
    *, language: str, reference: str, talked_on: date, holds_until: date, today: date
) -> bytes:
    """One page. `language`: one of those that the platform ships. Raises PdfFailed."""
    with override(language):
        payload = {
            "title": pgettext("slip", "Note"),
            "author": " ",
            "day": {"label": pgettext("slip", "Day"), "value": date_text(talked_on)},
            "until": {"label": pgettext("slip", "Until"), "value": date_text(holds_until)},
            "reference": {"label": pgettext("slip", "Reference"), "value": reference},
            "lines": [
                _("You can change what you said on any day. You need not say why."),
                _("Say this reference, or only the day, to whoever gave you this note."),
                _("What you receive stays the same, whatever you say."),
                _("You need not keep this note, and need not show it to anybody."),
            ],
        }
    made = render(TEMPLATE, payload, language=language, document="note", created=today)
    forget()
    return made
