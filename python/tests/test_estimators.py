import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_iris, make_regression
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks

import gradus
from gradus import GradusClassifier, GradusRegressor

# Every check of scikit-learn, none expected to fail.


@parametrize_with_checks([GradusClassifier(), GradusRegressor()])
def test_scikit_learn(estimator, check):
    check(estimator)


quick = {"hidden_layer_sizes": 8, "max_iter": 15}


@pytest.fixture(scope="module")
def cancer():
    return load_breast_cancer(return_X_y=True)


@pytest.fixture(scope="module")
def cohort():
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(7)
    n = 300
    frame = pandas.DataFrame(
        {
            "age": rng.normal(60, 12, n).round(1),
            "sex": rng.choice(["F", "M"], n),
            "stage": pandas.Categorical(rng.choice(["I", "II", "III"], n)),
            "lactate": np.where(rng.random(n) < 0.2, np.nan, rng.gamma(2, 1, n).round(2)),
            "smoker": rng.choice(["yes", "no", None], n),
        }
    )
    risk = (frame.age - 60) / 10 + (frame.sex == "M") + (frame.stage == "III") - 1
    died = np.where(rng.random(n) < 1 / (1 + np.exp(-risk)), "yes", "no")
    return frame, pandas.Series(died, name="died")


def test_three_lines(cancer):
    X, y = cancer
    p = GradusClassifier().fit(X, y).predict_proba(X)
    assert p.shape == (569, 2)
    assert ((p[:, 1] > 0.5) == y).mean() > 0.98


@pytest.mark.parametrize("labels", [["alive", "died"], ["died", "alive"], [0, 1], [3.0, -2.0], [False, True], ["-", "+"], ["NA", " NA"]])
def test_probabilities_stand_in_the_order_of_classes(cancer, labels):
    X, y = cancer
    named = np.array(labels)[y]
    model = GradusClassifier(**quick).fit(X, named)
    assert list(model.classes_) == sorted(labels)
    p, z = model.predict_proba(X), model.decision_function(X)
    right = np.array([list(model.classes_).index(v) for v in named])
    assert (p.argmax(axis=1) == right).mean() > 0.9
    np.testing.assert_allclose(p[:, 1], 1 / (1 + np.exp(-z)), rtol=1e-12)
    np.testing.assert_allclose(model.predict_log_proba(X), np.log(p), rtol=1e-9, atol=1e-12)
    assert (model.predict(X) == model.classes_[(z > 0).astype(int)]).all()


def test_classes(cancer):
    X, y = load_iris(return_X_y=True)
    names = np.array(["versicolor", "setosa", "ünlü"])[y]
    model = GradusClassifier(members=2, max_iter=20).fit(X, names)
    assert model.decision_function(X).shape == (150, 3)
    assert model.score(X, names) > 0.9
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)
    with pytest.raises(ValueError, match="1 class"):
        GradusClassifier().fit(X, np.zeros(150))


def test_a_class_of_one_row(cancer):
    X, y = cancer
    y = y.copy()
    y[0] = 7
    model = GradusClassifier(**quick).fit(X, y)
    assert list(model.classes_) == [0, 1, 7]


def test_the_event_changes_no_meaning(cancer):
    X, y = cancer
    for event in (0, 1):
        model = GradusClassifier(event=event, **quick).fit(X, y)
        assert model.model_.event == str(event)
        assert model.score(X, y) > 0.9


def command(folder, *args):
    done = subprocess.run([gradus.binary(), *args], cwd=folder, capture_output=True, env={**os.environ, "XDG_DATA_HOME": str(folder), "GRADUS_LANG": "en"})
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("own", [{}, {"hidden_layer_sizes": (12,), "activation": "relu", "max_iter": 9, "random_state": 3}])
def test_the_same_bytes_as_gradus_train(tmp_path, cohort, own):
    frame, y = cohort
    frame.assign(died=y).to_csv(tmp_path / "cohort.csv", index=False)
    flags = ["--hidden", "12", "--activation", "relu", "--epochs", "9", "--seed", "3"] if own else []
    command(tmp_path, "train", "cohort.csv", "--target", "died", "--quiet", *flags)
    GradusClassifier(**own).fit(frame, y).save(tmp_path / "python.gradus")
    assert (tmp_path / "model.gradus").read_bytes() == (tmp_path / "python.gradus").read_bytes()


def test_the_same_bytes_of_numbers(tmp_path):
    pandas = pytest.importorskip("pandas")
    X, y = make_regression(80, 4, noise=5, random_state=2)
    frame = pandas.DataFrame(X, columns=list("abcd"))
    frame.assign(y=y).to_csv(tmp_path / "t.csv", index=False)
    command(tmp_path, "train", "t.csv", "--target", "y", "--task", "number", "--quiet", "--members", "2")
    wanted = (tmp_path / "model.gradus").read_bytes()
    model = GradusRegressor(members=2).fit(frame, pandas.Series(y, name="y"))
    assert bytes(model.model_) == wanted
    upside = GradusRegressor(members=2).fit(pandas.DataFrame(np.asfortranarray(X), columns=list("abcd")), pandas.Series(y, name="y"))
    assert bytes(upside.model_) == wanted


def test_a_frame_of_text(cohort):
    frame, y = cohort
    model = GradusClassifier(members=2, max_iter=20).fit(frame, y)
    p = model.predict_proba(frame)
    assert model.score(frame, y) > 0.65
    assert list(model.feature_names_in_) == list(frame.columns)
    np.testing.assert_array_equal(model.predict_proba(frame.iloc[5:9]), p[5:9])
    np.testing.assert_array_equal(model.predict_proba(frame.astype({"sex": "category", "stage": str})), p)
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[["sex", "age", "stage", "lactate", "smoker"]])
    with pytest.raises(ValueError, match="column"):
        model.model_.predict(frame.drop(columns="age"))


def test_types_of_columns(cohort):
    pandas = pytest.importorskip("pandas")
    n = 60
    rng = np.random.default_rng(1)
    base = rng.integers(0, 50, n)
    y = (base > 25).astype(int)
    frame = pandas.DataFrame(
        {
            "whole": pandas.array(np.where(base % 7, base, -1), dtype="Int64"),
            "truth": pandas.array(base > 20, dtype="boolean"),
            "half": base.astype("float32") / 2,
            "texts": pandas.array([None if v % 5 == 0 else "t%d" % (v % 3) for v in base], dtype="string"),
            "coded": pandas.Categorical(base % 2),
            "seen": pandas.Timestamp("2024-01-02") + pandas.to_timedelta(base, "D"),
        }
    )
    frame.loc[3, "whole"] = pandas.NA
    model = GradusClassifier(members=2, max_iter=10).fit(frame, y)
    kinds = {i["name"]: i["kind"] for i in model.model_.inspect()["inputs"]}
    assert kinds == {"whole": "number", "truth": "number", "half": "number", "texts": "category", "coded": "category"}
    assert any("seen" in note for note in model.notes_)
    assert model.predict(frame).shape == (n,)
    with pytest.raises(TypeError, match="gap"):
        GradusClassifier().fit(frame.assign(gap=pandas.to_timedelta(base, "D")), y)


def test_missing_values_are_imputed(cancer):
    X, y = cancer
    holes = X.copy()
    holes[::3, 4] = np.nan
    model = GradusClassifier(**quick).fit(holes, y)
    assert np.isfinite(model.predict_proba(np.full((2, 30), np.nan))).all()


def test_constant_columns_and_numbers():
    model = GradusClassifier().fit(np.ones((20, 2)), np.arange(20) % 2)
    np.testing.assert_allclose(model.predict_proba(np.ones((1, 2))), 0.5, atol=0.01)
    assert GradusRegressor().fit(np.arange(20.0)[:, None], np.full(20, 4.5)).predict([[3.0]])[0] == pytest.approx(4.5, abs=0.05)


def test_seeds(cancer):
    X, y = cancer
    fit = lambda **k: bytes(GradusClassifier(**quick, **k).fit(X, y).model_)  # noqa: E731
    assert fit() == fit(random_state=1) != fit(random_state=2)
    assert fit(random_state=np.random.RandomState(5)) == fit(random_state=np.random.RandomState(5))
    np.random.seed(3)
    assert fit(random_state=None) != fit(random_state=None)


def test_copies(cancer):
    X, y = cancer
    model = GradusClassifier(**quick).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    gradus.shutdown()  # a new process has never seen the model
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    fresh = clone(model).set_params(max_iter=6)
    assert not hasattr(fresh, "model_") and fresh.get_params()["max_iter"] == 6


def test_curves(cancer, capsys):
    X, y = cancer
    model = GradusClassifier(16, max_iter=12, validation_fraction=0.2, verbose=True).fit(X, y)
    assert model.n_iter_ == len(model.loss_curve_) == len(model.validation_loss_curve_) == 12
    assert model.loss_curve_[-1] < model.loss_curve_[0]
    assert "epoch 12: cost" in capsys.readouterr().out
    none = GradusClassifier(16, max_iter=12, early_stopping=False).fit(X, y)
    assert none.validation_loss_curve_ is None
    assert none.loss_ == pytest.approx(none.loss_curve_[-1])


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"activation": "rleu"}, "rleu"),
        ({"optimizer": "adman"}, "adman"),
        ({"hidden_layer_sizes": (0,)}, "hidden"),
        ({"dropout": 1.5}, "dropout"),
        ({"validation_fraction": 2}, "validation"),
        ({"max_iter": 0}, "max_iter"),
        ({"learning_rate_init": 0}, "learning_rate_init"),
        ({"precision": "float8"}, "precision"),
        ({"event": "maybe"}, "maybe"),
        ({"random_state": -1}, "-1"),
        ({"members": "two"}, "two|string"),
    ],
)
def test_wrong_settings_are_named(cancer, wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        GradusClassifier(**wrong).fit(*cancer)


def test_no_weights_of_rows(cancer):
    X, y = cancer
    with pytest.raises(TypeError):
        GradusClassifier(**quick).fit(X, y, sample_weight=np.ones(len(y)))


def test_parallel(cancer):
    X, y = cancer
    model = GradusClassifier(**quick)
    one = cross_val_score(model, X, y, cv=3)
    np.testing.assert_array_equal(one, cross_val_score(model, X, y, cv=3, n_jobs=2))
    fitted, answers = model.fit(X, y), []
    crowd = [threading.Thread(target=lambda: answers.append(fitted.predict_proba(X))) for _ in range(4)]
    for t in crowd:
        t.start()
    for t in crowd:
        t.join()
    assert len(answers) == 4 and all((a == answers[0]).all() for a in answers)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_fork(cancer):
    X, y = cancer
    model = GradusClassifier(**quick).fit(X, y)
    wanted = model.predict_proba(X)
    pid = os.fork()
    if pid == 0:
        os._exit(0 if (model.predict_proba(X) == wanted).all() else 1)
    assert os.waitpid(pid, 0)[1] == 0
    np.testing.assert_array_equal(model.predict_proba(X), wanted)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_interrupt_ends_the_process(cancer):
    X, y = cancer
    gradus.shutdown()
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        GradusClassifier((512, 512), max_iter=100000, early_stopping=False).fit(X, y)
    timer.join()
    from gradus import engine

    assert engine._idle == []
    assert GradusClassifier(**quick).fit(X, y).score(X, y) > 0.9  # the next call has a process of its own


def test_the_process_ends_with_its_parent(tmp_path):
    code = (
        "import numpy as np, gradus.engine as e, threading, time, os\n"
        "from gradus import GradusClassifier\n"
        "start = e.Engine.__init__\n"
        "def init(self):\n    start(self); print(self.process.pid, flush=True)\n"
        "e.Engine.__init__ = init\n"
        "threading.Timer(0.7, lambda: os._exit(9)).start()\n"
        "GradusClassifier((512, 512), max_iter=100000, early_stopping=False).fit(np.random.rand(500, 9), np.arange(500) % 2)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 9, done.stderr
    pid = int(done.stdout.split()[0])
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        with open("/proc/%d/stat" % pid) as f:
            if f.read().rsplit(")")[1].split()[0] == "Z":
                return  # ended; nobody has fetched its status
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the gradus process outlives the one that started it")
