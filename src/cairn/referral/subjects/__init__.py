"""The kinds of record that oversight knows of assistance."""

from cairn.referral.subjects.persons import PERSON, SEALED, is_own_caseload

__all__ = ["PERSON", "SEALED", "is_own_caseload"]
