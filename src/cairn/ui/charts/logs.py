"""What happens when a picture cannot be drawn: one line in the log, nothing in the page."""

import logging

from django.utils.safestring import SafeString

log = logging.getLogger("cairn.charts")


def refused(code: str, reason: str = "") -> SafeString:
    """Log the event `code` and give the empty picture.

    `reason`: for the operator, about a file of the deployment; never labels or figures.
    """
    log.error("picture not drawn: %s %s", code, reason)
    return SafeString("")
