"""What the log says of documents, their issues and highlights."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    "document.created": _("began a document."),
    "document.changed": _("changed what a document is about."),
    "document.written": _("wrote a section of a document."),
    "document.shortened": _("took a section out of a document."),
    "issue.computed": _("computed an issue of a document."),
    "issue.sent": _("sent an issue of a document to review."),
    "issue.approved": _("approved an issue of a document."),
    "issue.returned": _("sent an issue of a document back."),
    "issue.published": _("published an issue of a document."),
    "issue.withdrawn": _("withdrew an issue of a document."),
    "highlight.written": _("wrote an entry of the highlights."),
    "highlight.published": _("let an entry of the highlights out."),
}
