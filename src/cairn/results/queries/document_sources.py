"""The sources that a document names, each as one line."""

from collections.abc import Iterable

from cairn.portfolio.models import SourceDocument


def source_lines(codes: Iterable[str]) -> tuple[str, ...]:
    """Each source once: "001: title (2024)" for a document that was read in, else as it stands.

    One query, or none where nothing is named.
    """
    named = list(dict.fromkeys(code for code in codes if code))
    if not named:
        return ()
    known = {
        each.code: each
        for each in SourceDocument.objects.filter(
            code__in=[code for code in named if len(code) < 21]
        )
    }
    return tuple(_line(code, known.get(code)) for code in sorted(named))


def _line(code: str, known: SourceDocument | None) -> str:
    if known is None:
        return code
    return f"{code}: {known.title} ({known.year})" if known.year else f"{code}: {known.title}"
