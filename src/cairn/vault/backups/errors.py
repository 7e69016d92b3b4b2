"""What goes wrong with a copy, said so that the person at the machine knows what to do."""


class BackupError(Exception):
    """A copy could not be made, proven or put back. `remedy`: what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}\nRemedy: {self.remedy}" if self.remedy else message


def not_up_to_date(problem: Exception) -> BackupError:
    """What to say when a table of this version is not there yet."""
    return BackupError(
        f"The database is not up to date: {problem}".strip().splitlines()[0] + ".",
        "run ./cairn prepare, then this again.",
    )
