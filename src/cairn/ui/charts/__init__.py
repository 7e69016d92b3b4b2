"""Charts and maps as SVG, drawn on the server, fit for a page under the strict content policy."""

from cairn.ui.charts.bands import Band
from cairn.ui.charts.bars import Bar, bar_chart, fluid_bar_chart
from cairn.ui.charts.flows import Flow, FlowEnd, flow_map
from cairn.ui.charts.generations import CascadeLine, CascadeStone, generation_chart
from cairn.ui.charts.shapes import BoundariesRefused, boundary_path, read_areas
from cairn.ui.charts.steps import StepPoint, step_chart
from cairn.ui.charts.times import TimePoint, time_chart
from cairn.ui.charts.world import DISCLAIMER, MapPicture, world_map

__all__ = [
    "DISCLAIMER",
    "Band",
    "Bar",
    "BoundariesRefused",
    "CascadeLine",
    "CascadeStone",
    "Flow",
    "FlowEnd",
    "MapPicture",
    "StepPoint",
    "TimePoint",
    "bar_chart",
    "boundary_path",
    "flow_map",
    "fluid_bar_chart",
    "generation_chart",
    "read_areas",
    "step_chart",
    "time_chart",
    "world_map",
]
