"""What the platform is told of the chain of results."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _


def tell() -> None:
    """The entry of the navigation, and the round that brings measurements up to date."""
    from cairn.oversight import watch, wording
    from cairn.oversight.outcomes import Task
    from cairn.results.actions.chain import ROUND, keep_measurements
    from cairn.ui import navigation

    navigation.register(
        navigation.Item("results", _("Results"), "results:programme", order=125, public=True)
    )
    watch.add(Task(ROUND, timedelta(hours=24), keep_measurements, longest=timedelta(hours=2)))
    wording.ROUNDS[ROUND] = _("Measurements that are computed from records")
