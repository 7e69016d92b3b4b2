"""Storing a new record that somebody else may be entering at the same moment."""

from django.db import IntegrityError, models, transaction


def saved_as_new(record: models.Model) -> bool:
    """Insert `record` in the caller's transaction; False when a rule of uniqueness refuses it.

    Asking first whether it exists is not enough: two people may ask before either of them writes.
    """
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError:
        return False
    return True
