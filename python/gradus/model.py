"""A .gradus model file in Python."""

import hashlib
import os
import tempfile

import numpy as np

from . import tables
from .engine import engine


class Model:
    """A trained model: ``Model(bytes)``, or ``gradus.read("model.gradus")``. Tables are DataFrames, dicts of columns, or a numeric matrix
    with a column for each of ``inputs``."""

    def __init__(self, data, _about=None):
        self._data = bytes(data)
        if _about is None:
            with engine() as e:
                _about = e.ask({"do": "open"}, [self._data])[0]
        self._about = _about
        self._key = hashlib.sha256(self._data).hexdigest()

    @property
    def task(self):
        """binary, classes, number or survival."""
        return self._about["task"]

    @property
    def target(self):
        """The column that is predicted."""
        return self._about["target"]

    @property
    def classes(self):
        """The levels of the target in the order of predict_proba; empty for a number."""
        return list(self._about["levels"] or [])

    @property
    def event(self):
        """Of a binary target the level whose probability is meant by "risk"."""
        return self._about["event"] or None

    @property
    def inputs(self):
        """The columns that a table must have."""
        return list(self._about["inputs"])

    @property
    def horizons(self):
        """Of survival the times that predict_survival answers for."""
        return list(self._about["horizons"] or [])

    def predict_proba(self, table):
        """Probabilities (rows, classes)."""
        self._need("binary", "classes")
        return self._predict(table)[0]

    def predict(self, table):
        """The level of each row (the event where its probability is at least .5), the number, or the risk of survival."""
        out = self._predict(table)[0]
        if self.task in ("number", "survival"):
            return out[:, 0]
        classes = np.array(self.classes, object)
        if self.task == "binary":
            at = self.classes.index(self.event)
            return classes[np.where(out[:, at] >= 0.5, at, 1 - at)]
        return classes[out.argmax(axis=1)]

    def predict_survival(self, table):
        """The chance of no event until each of the horizons (rows, horizons)."""
        self._need("survival")
        return self._predict(table)[0][:, 1:]

    def warnings(self, table):
        """For each row a list of what makes it unlike the training rows: missing, unknown or out of range."""
        doubts = self._predict(table, warnings=True)[2]
        rows = len(self._encoded(table).matrix)
        return [doubts.get(str(r), []) for r in range(rows)]

    def explain(self, table, method=None, *, row=None, rows=None, column=None, level=None, scale=None, seed=1):
        """What predictions rest on, as ``gradus explain --json`` says it: method permutation (the table needs the target too), pdp or ice
        (column), gradients or shapley (row or rows, counted from 0). Association, not cause."""
        if row is not None:
            rows = [row]
        options = {"seed": seed, "rows": ",".join(str(r + 1) for r in rows) if rows is not None else ""}
        options.update({k: v for k, v in (("method", method), ("column", column), ("level", level), ("scale", scale)) if v is not None})
        encoded = self._encoded(table, whole=True)
        return self._ask({"do": "explain", "table": encoded.head(), "options": options}, encoded.parts())[0]

    def inspect(self):
        """What is in the file: target, inputs, layers, the card of the training."""
        return self._ask({"do": "describe"})[0]

    def save(self, path):
        """Write the file, which every command of gradus opens. It appears whole or not at all."""
        folder = os.path.dirname(os.path.abspath(path))
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".gradus")
        try:
            with os.fdopen(handle, "wb") as f:
                f.write(self._data)
                f.flush()
                os.fsync(f.fileno())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise

    def __bytes__(self):
        return self._data

    def __eq__(self, other):
        return isinstance(other, Model) and self._data == other._data

    def __hash__(self):
        return hash(self._key)

    def __repr__(self):
        return "<gradus.Model of %s (%s), %d inputs>" % (self.target, self.task, len(self.inputs))

    def _need(self, *tasks):
        if self.task not in tasks:
            raise ValueError("this is a model of task %s; this method answers for %s" % (self.task, " or ".join(tasks)))

    def _encoded(self, table, whole=False):
        if isinstance(table, tables.Encoded):
            return table
        if tables.is_frame(table) or isinstance(table, dict):
            names = {str(n) for n in (table.columns if tables.is_frame(table) else table)}
            only = None if whole or not names.issuperset(self.inputs) else set(self.inputs)
            return tables.of_columns(tables.pairs(table, only))
        return tables.of_matrix(table, self.inputs)

    def _predict(self, table, logits=False, warnings=False):
        """(outputs, logits or None, warnings or None)"""
        encoded = self._encoded(table)
        head = {"do": "predict", "table": encoded.head()}
        if logits:
            head["logits"] = True
        if warnings:
            head["warnings"] = True
        about, body = self._ask(head, encoded.parts())
        cells = body.view("<f8")
        n = about["rows"] * about["outputs"]
        out = cells[:n].reshape(about["rows"], about["outputs"])
        behind = cells[n:].reshape(about["rows"], about["logits"]) if logits else None
        return out, behind, about.get("warnings")

    def _ask(self, head, parts=()):
        head["model"] = self._key
        with engine() as e:
            answer, body = e.ask(head, parts)
            if "unknown" in answer:
                e.ask({"do": "open"}, [self._data])
                answer, body = e.ask(head, parts)
            return answer, body


def read(path):
    """Open a .gradus model file."""
    with open(path, "rb") as f:
        return Model(f.read())


def train(encoded, settings, tell=None):
    """Fit a model to an encoded table with a target: (Model, what the engine says of the run)."""
    head = {"do": "fit", "table": encoded.head(), "settings": settings, "progress": tell is not None}
    with engine() as e:
        about, body = e.ask(head, encoded.parts(), tell)
    model = Model(body.tobytes(), {k: about[k] for k in ("task", "target", "levels", "event", "inputs", "horizons")})
    return model, about
