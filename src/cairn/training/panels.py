"""What training computes for a project's page: figures, each with its definition and its rows.

Counts and shares only. Small groups are hidden by the rules of `measures`; who may see the project
whole is decided by the portfolio before it asks here.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.partial_dates import PartialDate, span_text
from cairn.portfolio.models import Project
from cairn.portfolio.panels import Block, Panel, PanelFigure
from cairn.portfolio.queries.documents import Payload
from cairn.training.measures import cost, rates, shares
from cairn.training.measures.definitions import definition_of, register
from cairn.training.measures.definitions.book import NEVER
from cairn.training.measures.figure import Figure, Unit, flag_label
from cairn.training.queries.links import link
from cairn.training.queries.outcomes_counts import Team, Training, Work, total_of, work_of
from cairn.training.rules.choices import EventKind
from cairn.ui.formats import number_text
