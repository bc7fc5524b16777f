"""gradus in Python: networks for tables, trained by the gradus program beside this process.

    from gradus import GradusClassifier
    GradusClassifier().fit(X, y).predict_proba(X)

For research and education only; not a medical device.
"""

from .engine import GradusError, GradusInputError, binary, shutdown
from .model import Model, read

__version__ = "0.1.0"
__all__ = ["GradusClassifier", "GradusRegressor", "Model", "read", "GradusError", "GradusInputError", "binary", "shutdown"]


def __getattr__(name):
    if name in ("GradusClassifier", "GradusRegressor"):
        try:
            from . import estimators
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "sklearn":
                raise
            raise ModuleNotFoundError(name + ' needs scikit-learn: pip install "gradus[sklearn]"', name="sklearn") from error
        return getattr(estimators, name)
    raise AttributeError("module 'gradus' has no attribute " + repr(name))


def __dir__():
    return sorted(set(globals()) | set(__all__))
