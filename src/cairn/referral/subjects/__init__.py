"""The kinds of record that oversight knows of assistance."""

from cairn.referral.subjects.persons import (
    PERSON,
    SEALED,
    erased_with,
    is_own_caseload,
    row_kind,
)

__all__ = ["PERSON", "SEALED", "erased_with", "is_own_caseload", "row_kind"]
