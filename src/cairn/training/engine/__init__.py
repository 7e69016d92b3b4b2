"""Who trained whom: generations, credit and counts over plain numbers, whole or event by event.

The rules (training study, 6.5): a trainer and a participant are linked when both share an event
and the trainer taught sessions covering at least a share (half, unless a plan says otherwise) of
the objectives that the participant completed. An event has the generation 1 + the lowest that
any of its linked trainers had reached by what they completed before its first day; root trainers
have 0. Its participants count in that generation. Time runs one way, so that A may train B and
B later train A without a circle.
"""

from cairn.training.engine.cascade import Cascade, Change, Node, Taught
from cairn.training.engine.credit import PARTS, split
from cairn.training.engine.deliveries import (
    NO_GENERATION,
    Deliveries,
    Delivery,
    DeliveryRefused,
    Standing,
    Teacher,
    pack,
)
from cairn.training.engine.generations import Reached, reach
from cairn.training.engine.loss import Loss, loss_of
from cairn.training.engine.table import GenerationRow, first_times, table

__all__ = [
    "NO_GENERATION",
    "PARTS",
    "Cascade",
    "Change",
    "Deliveries",
    "Delivery",
    "DeliveryRefused",
    "GenerationRow",
    "Loss",
    "Node",
    "Reached",
    "Standing",
    "Taught",
    "Teacher",
    "first_times",
    "loss_of",
    "pack",
    "reach",
    "split",
    "table",
]
