"""The statistical engines behind the measures, which take seconds to load and are loaded late."""

from importlib import import_module

# What the measures import inside their functions. Loading them takes some seconds, once.
ENGINES = (
    "scipy.optimize",
    "scipy.stats",
    "statsmodels.duration.survfunc",
    "statsmodels.stats.contingency_tables",
    "statsmodels.stats.inter_rater",
    "statsmodels.stats.proportion",
    "statsmodels.stats.rates",
)


def warm() -> None:
    """Load every engine, so that the first figure of a server is as fast as the others.

    For a thread beside a starting server; commands that show no figure never call it.
    """
    for name in ENGINES:
        import_module(name)
