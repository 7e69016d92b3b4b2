"""The three ways an action says no.

Invisible is `Model.DoesNotExist` (404), visible but not allowed is Django's `PermissionDenied`
(403), and a rule that does not allow it is `RuleBroken` (409).
"""


class RuleBroken(Exception):
    """A rule refuses. `code` is stable (`context.rule`), `message` is for people, translated.

    `remedy`: what the person can do about it, one sentence; may be empty.
    """

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(code, message, remedy)
        self.code = code
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()
