"""Estimators of scikit-learn (1.2 and newer) whose work the gradus program does."""

import numbers

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from . import tables
from .model import train

try:
    from sklearn.utils.validation import _check_feature_names, _check_n_features, validate_data

    _FINITE = "ensure_all_finite"
except ImportError:  # before 1.6 these were methods

    def validate_data(estimator, X, y="no_validation", **options):
        return estimator._validate_data(X, y, **options)

    def _check_feature_names(estimator, X, *, reset):
        estimator._check_feature_names(X, reset=reset)

    def _check_n_features(estimator, X, *, reset):
        estimator._check_n_features(X, reset=reset)

    _FINITE = "force_all_finite"

_ACTIVATIONS = {"logistic": "sigmoid", "identity": "linear"}  # scikit-learn's names


class _Gradus(BaseEstimator):
    """What classifier and regressor share."""

    def _more_tags(self):  # before 1.6
        return {"allow_nan": True}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def save(self, path):
        """Write the model file, which every command of gradus opens."""
        check_is_fitted(self)
        self.model_.save(path)

    def _checked(self, X, y=None, **options):
        """X, a matrix or a DataFrame with columns of text, and y where it is given, checked as scikit-learn checks them."""
        fitting = options.pop("fitting", False)
        if tables.is_frame(X) and not all(tables.numeric(v) for _, v in tables.pairs(X)):
            _check_feature_names(self, X, reset=fitting)
            _check_n_features(self, X, reset=fitting)
            if not fitting:
                return X
            if len(X) < 2:
                raise ValueError("Found a table with %d sample(s) while a minimum of 2 is required by %s." % (len(X), type(self).__name__))
            y = column_or_1d(y, warn=True)
            check_consistent_length(X, y)
            return X, y
        options.update({"dtype": [np.float64, np.float32], _FINITE: "allow-nan"})
        if not fitting:
            return validate_data(self, X, reset=False, **options)
        return validate_data(self, X, y, ensure_min_samples=2, **options)

    def _names(self):
        names = getattr(self, "feature_names_in_", None)
        return ["x%d" % i for i in range(self.n_features_in_)] if names is None else [str(n) for n in names]

    def _encoded(self, X):
        return tables.of_columns(tables.pairs(X)) if tables.is_frame(X) else tables.of_matrix(X, self._names())

    def _target_name(self, y):
        name, taken = getattr(y, "name", None), set(self._names())
        name = name if isinstance(name, str) and name and name not in taken else "target"
        while name in taken:
            name += "_"
        return name

    def _settings(self):
        """The settings that are not None, by the names of a model file."""
        hidden = self.hidden_layer_sizes
        if isinstance(hidden, numbers.Integral):
            hidden = [hidden]
        held = self.validation_fraction
        if self.early_stopping is not None:
            held = (0.15 if held is None else held) if self.early_stopping else 0
        for name, least in (("learning_rate_init", 0), ("max_iter", 0), ("batch_size", 0), ("n_iter_no_change", 0)):
            value = getattr(self, name)
            if value is not None and value != "auto" and not value > least:
                raise ValueError("%s must be above %d; it is %r" % (name, least, value))
        settings = {
            "hidden": None if hidden is None else [int(h) for h in hidden],
            "activation": _ACTIVATIONS.get(self.activation, self.activation),
            "optimizer": self.optimizer,
            "alpha": self.learning_rate_init,
            "epochs": self.max_iter,
            "batch": None if self.batch_size == "auto" else self.batch_size,
            "weight_decay": self.weight_decay,
            "dropout": self.dropout,
            "validation": held,
            "patience": self.n_iter_no_change,
            "members": self.members,
            "bins": -1 if self.bins == 0 and self.bins is not None else self.bins,
            "beside": _ACTIVATIONS.get(self.beside, self.beside),
            "precision": self.precision,
            "seed": self._seed(),
        }
        return {k: v.item() if isinstance(v, np.generic) else v for k, v in settings.items() if v is not None}

    def _seed(self):
        if isinstance(self.random_state, numbers.Integral):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))

    def _train(self, encoded, settings):
        tell = _tell if self.verbose else None
        self.model_, about = train(encoded, settings, tell)
        self.notes_ = about["notes"]
        self.n_iter_ = max(1, about["epochs"])
        self.best_iter_ = about["best_epoch"]
        self.loss_ = about["cost"]
        self.loss_curve_ = _mean([c["cost"] for c in about["curves"]])
        held = [c["held"] for c in about["curves"] if c.get("held")]
        self.validation_loss_curve_ = _mean(held) if held else None
        return about


def _mean(curves):
    """The mean at each epoch over the networks that reached it."""
    longest = max(len(c) for c in curves)
    table = np.full((len(curves), longest), np.nan)
    for row, curve in zip(table, curves):
        row[: len(curve)] = curve
    return np.nanmean(table, axis=0).tolist()


def _tell(at):
    held = ", held %.6g" % at["held"] if "held" in at else ""
    print("network %d, epoch %d: cost %.6g%s" % (at["network"], at["epoch"], at["cost"], held), flush=True)


class GradusClassifier(ClassifierMixin, _Gradus):
    """A network for tables that classifies, trained by gradus.

    The default is what ``gradus train`` makes of a table: an ensemble of networks weighed beside a regression, early stopping by rows of
    each member's own, everything learnt from the training rows alone. ``hidden_layer_sizes`` asks for one plain network instead. X is a
    numeric matrix, NaN where a value is missing, or a DataFrame, whose columns of text become categories.

    Parameters (None: the default of gradus for the number of rows)
    ----------
    hidden_layer_sizes : tuple or int, default None. Neurons of each hidden layer of one network; () is none. None: the ensemble.
    activation : str, default None. tanh, relu, silu, gelu, logistic, identity, … (``gradus activation`` lists them).
    optimizer : str, default "adam".
    learning_rate_init : float, default None. Learning rate at the start of a cosine that ends at 0.
    max_iter : int, default None. Epochs at most.
    batch_size : int or "auto", default None.
    weight_decay : float, default None. MLPClassifier's alpha is weight_decay × the rows of a batch.
    dropout : float, default 0.
    early_stopping : bool, default None. False: no rows are held; the last weights count.
    validation_fraction : float, default None. Share of the rows held for early stopping.
    n_iter_no_change : int, default None. Epochs without a better cost on the held rows.
    members : int, default None. Networks in the ensemble.
    bins : int, default None. Ramps over each column of numbers; 0: none.
    beside : str, default None. Activation of the second form of network in the ensemble.
    balance_classes : bool, default False. Counts the classes alike while training; the probabilities are corrected for it.
    event : a class, default None. Which of two classes the model file calls the event; it changes no answer's meaning here.
    precision : "float32" or "float64", default "float32". What is trained in; a model file holds float32.
    random_state : int, RandomState or None, default 1. The same seed gives the same model, on any number of cores.
    verbose : bool, default False. Prints each epoch.

    Attributes
    ----------
    classes_, n_features_in_, feature_names_in_ : as scikit-learn means them.
    model_ : gradus.Model, the model file; ``save(path)`` writes it.
    n_iter_, best_iter_, loss_, loss_curve_, validation_loss_curve_ : epochs, the best one, its cost, the costs of all (the mean of the
        networks where there are several).
    notes_ : what gradus chose for the user, such as columns that it left out.
    """

    def __init__(
        self,
        hidden_layer_sizes=None,
        activation=None,
        *,
        optimizer="adam",
        learning_rate_init=None,
        max_iter=None,
        batch_size=None,
        weight_decay=None,
        dropout=0.0,
        early_stopping=None,
        validation_fraction=None,
        n_iter_no_change=None,
        members=None,
        bins=None,
        beside=None,
        balance_classes=False,
        event=None,
        precision="float32",
        random_state=1,
        verbose=False,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.weight_decay = weight_decay
        self.dropout = dropout
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.members = members
        self.bins = bins
        self.beside = beside
        self.balance_classes = balance_classes
        self.event = event
        self.precision = precision
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X, y):
        """Train on X (rows, columns) and the classes y."""
        named = y
        X, y = self._checked(X, y, fitting=True)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("a classifier needs at least 2 classes; y has 1 class: %r" % self.classes_[0])
        settings = self._settings()
        settings["task"] = "binary" if len(self.classes_) == 2 else "classes"
        settings["class_weights"] = bool(self.balance_classes)
        encoded, levels = self._encoded(X), None
        name = self._target_name(named)
        if self._numeric_classes():
            encoded.set_target(name, np.asarray(y, np.float64))
        else:
            levels = [tables.text(c) for c in self.classes_]
            if len(set(levels)) < len(levels):
                raise ValueError("two classes of y are the same text: " + ", ".join(levels[:12]))
            encoded.set_target(name, codes, levels)
        if self.event is not None:
            settings["event"] = tables.text(self.event)
        self._train(encoded, settings)
        self._order = None
        if levels is not None:
            place = {level: i for i, level in enumerate(self.model_.classes)}
            self._order = [place[level] for level in levels]
        return self

    def _numeric_classes(self):
        c = self.classes_
        return c.dtype.kind in "iuf" and len(np.unique(c.astype(np.float64))) == len(c)

    def decision_function(self, X):
        """Logits: of two classes that of classes_[1] (rows,), else one for each class (rows, classes)."""
        return self._both(X)[1]

    def predict_proba(self, X):
        """Probabilities (rows, classes) in the order of classes_."""
        return self._both(X)[0]

    def predict_log_proba(self, X):
        """Logarithms of the probabilities, exact where a probability is too small for a number."""
        z = self._both(X)[1]
        if z.ndim == 1:
            return -np.logaddexp(0, np.stack([z, -z], axis=1))
        z = z - z.max(axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    def predict(self, X):
        """The likeliest class of each row."""
        z = self._both(X)[1]
        return self.classes_[(z > 0).astype(int) if z.ndim == 1 else z.argmax(axis=1)]

    def _both(self, X):
        check_is_fitted(self)
        p, z, _ = self.model_._predict(self._encoded(self._checked(X)), logits=True)
        p, z = np.ascontiguousarray(p), np.ascontiguousarray(z)
        if self._order is not None:
            p = p[:, self._order]
            z = z if z.shape[1] == 1 else z[:, self._order]
        if z.shape[1] > 1:
            return p, z
        levels = self.model_.classes
        second = levels[1 if self._order is None else self._order[1]]
        return p, z[:, 0] if self.model_.event == second else -z[:, 0]


class GradusRegressor(RegressorMixin, _Gradus):
    """A network for tables that predicts a number, trained by gradus. What is not said here is as in GradusClassifier."""

    def __init__(
        self,
        hidden_layer_sizes=None,
        activation=None,
        *,
        optimizer="adam",
        learning_rate_init=None,
        max_iter=None,
        batch_size=None,
        weight_decay=None,
        dropout=0.0,
        early_stopping=None,
        validation_fraction=None,
        n_iter_no_change=None,
        members=None,
        bins=None,
        beside=None,
        precision="float32",
        random_state=1,
        verbose=False,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.weight_decay = weight_decay
        self.dropout = dropout
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.members = members
        self.bins = bins
        self.beside = beside
        self.precision = precision
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X, y):
        """Train on X (rows, columns) and the numbers y."""
        named = y
        X, y = self._checked(X, y, fitting=True, y_numeric=True)
        encoded = self._encoded(X)
        encoded.set_target(self._target_name(named), np.asarray(y, np.float64))
        settings = self._settings()
        settings["task"] = "number"
        self._train(encoded, settings)
        return self

    def predict(self, X):
        """The number of each row."""
        check_is_fitted(self)
        out, _, _ = self.model_._predict(self._encoded(self._checked(X)))
        return np.ascontiguousarray(out[:, 0])
