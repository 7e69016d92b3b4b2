"""Training: from nomination to field outcome, and the cascade of trainers who train others."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "cairn.training"
    label = "training"

    def ready(self) -> None:
        from cairn.access.permissions import Permission
        from cairn.oversight import subjects, wording
        from cairn.portfolio import panels
        from cairn.training import chain, reports, states
        from cairn.training.exports.cascade import register_reports as register_cascade
        from cairn.training.imports import questions  # noqa: F401 - registers what it reads in
        from cairn.training.panels import training_panel
        from cairn.training.subjects import CREDENTIAL, TRAINEE, VETTING
        from cairn.training.wording import SENTENCES
        from cairn.ui import navigation

        navigation.register(
            navigation.Item(
                "training", _("Training"), "training:events", Permission.TRAINING_VIEW, order=200
            )
        )
        states.register_tones()
        for kind in (TRAINEE, VETTING, CREDENTIAL):
            subjects.register(kind)
        wording.SENTENCES.update(SENTENCES)
        panels.register("training", training_panel)
        reports.register()
        register_cascade()
        chain.register_measures()
