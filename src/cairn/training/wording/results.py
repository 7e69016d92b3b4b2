"""What entries of the log about results say, in sentences that begin with who did it."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
