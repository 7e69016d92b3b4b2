"""Every figure of training as a pure function over plain values: see definitions for meanings."""
