"""Signs that an officer can see or hear, and what they mean together. Pure: no tables, no clock.

`lists`: the shape of a sign and of a file of signs; `guidance`: what the phone shows; `delphi`:
the printed rule of the ILO for each dimension; `wording`: the sentences of both.
"""
