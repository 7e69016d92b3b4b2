"""What logs may say of an address: the way it is built, never what somebody typed into it."""

import logging


class RouteOnly(logging.Filter):
    """Puts the route in place of the path; a path that leads nowhere is not repeated at all."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            shown = f"/{match.route}" if match else "(no such address)"
            record.args = tuple(shown if each == path else each for each in record.args)
        return True
