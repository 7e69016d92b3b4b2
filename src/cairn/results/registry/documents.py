"""What the platform is told of: documents."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.oversight import wording
from cairn.results.documents import highlights, kinds, reporting, thematic
from cairn.results.registry.document_wording import SENTENCES
from cairn.ui import navigation

KINDS = (thematic.KIND, highlights.KIND)


def tell() -> None:
    """Register what this part gives to others."""
    for kind in KINDS:
        kinds.register_kind(kind)
        reporting.offer(kind)
    wording.SENTENCES.update(SENTENCES)
    navigation.register(
        navigation.Item(
            "documents",
            pgettext_lazy("navigation", "Documents"),
            "results:documents",
            order=630,
            public=True,
        )
    )
    navigation.register(
        navigation.Item(
            "highlights", _("Highlights"), "results:highlights", "document:edit", order=632
        )
    )
