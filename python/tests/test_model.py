import json
import os
import resource
import struct
import subprocess
import sys

import numpy as np
import pytest

import gradus


def run(folder, *args, code=0):
    done = subprocess.run([gradus.binary(), *args], cwd=folder, capture_output=True, env={**os.environ, "XDG_DATA_HOME": str(folder), "GRADUS_LANG": "en"})
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    text = run(folder, "data", "cohort", "--csv")
    (folder / "cohort.csv").write_text(text)
    run(folder, "train", "cohort.csv", "--target", "died_30d", "--drop", "site", "--hidden", "12", "--epochs", "4", "--quiet")
    head, *rows = [line.split(",") for line in text.splitlines()]
    columns = {name: [None if r[i] == "" else r[i] for r in rows[:200]] for i, name in enumerate(head)}
    (folder / "few.csv").write_text("\n".join(text.splitlines()[:201]) + "\n")
    return folder, gradus.read(folder / "model.gradus"), columns


def test_a_model_that_gradus_trained(trained):
    folder, model, columns = trained
    said = json.loads(run(folder, "predict", "model.gradus", "few.csv", "--json"))
    p = model.predict_proba(columns)
    assert [list(r["p"].values()) for r in said] == p.tolist()
    assert [r["prediction"] for r in said] == list(model.predict(columns))
    assert [r["warnings"] for r in said] == model.warnings(columns)
    assert any(r["warnings"] for r in said)
    assert model.task == "binary" and model.target == "died_30d" and model.event in model.classes
    assert json.loads(run(folder, "inspect", "model.gradus", "--json")) == model.inspect()


def test_tables_of_every_kind(trained):
    folder, model, columns = trained
    pandas = pytest.importorskip("pandas")
    wanted = model.predict_proba(columns)
    for frame in (pandas.read_csv(folder / "few.csv"), pandas.read_csv(folder / "few.csv", dtype=str), pandas.read_csv(folder / "few.csv").iloc[:, ::-1]):
        np.testing.assert_array_equal(model.predict_proba(frame), wanted)
    one = {name: values[:1] for name, values in columns.items() if name in model.inputs}
    np.testing.assert_array_equal(model.predict_proba(one), wanted[:1])


@pytest.mark.parametrize("options", [{}, {"row": 3}, {"method": "gradients", "rows": [0, 4]}, {"column": "age"}, {"method": "ice", "column": "age", "scale": "logit"}])
def test_explain(trained, options):
    folder, model, columns = trained
    flags = []
    for name, value in options.items():
        if name == "row":
            value += 1
        if name == "rows":
            value = ",".join(str(r + 1) for r in value)
        flags += ["--" + name, str(value)]
    assert json.loads(run(folder, "explain", "model.gradus", "few.csv", "--json", *flags)) == model.explain(columns, **options)


def test_numbers_and_matrices(tmp_path):
    text = run(tmp_path, "data", "diabetes", "--csv")
    (tmp_path / "t.csv").write_text(text)
    target = text.splitlines()[0].split(",")[-1]
    run(tmp_path, "train", "t.csv", "--target", target, "--task", "number", "--hidden", "8", "--epochs", "3", "--quiet")
    model = gradus.read(tmp_path / "model.gradus")
    said = [r["prediction"] for r in json.loads(run(tmp_path, "predict", "model.gradus", "t.csv", "--json"))]
    x = np.genfromtxt(text.splitlines(), delimiter=",", skip_header=1)
    names = text.splitlines()[0].split(",")
    x = x[:, [names.index(n) for n in model.inputs]]
    for matrix in (x, np.asfortranarray(x), x[::-1][::-1], x.astype(">f8")):
        assert model.predict(matrix).tolist() == said
    np.testing.assert_allclose(model.predict(x.astype("float32")), said, rtol=1e-4)
    with pytest.raises(ValueError, match="predict_proba|task number"):
        model.predict_proba(x)
    with pytest.raises(ValueError, match="columns"):
        model.predict(x[:, :3])


def test_survival(tmp_path):
    rng = np.random.default_rng(3)
    age = rng.normal(60, 10, 120)
    days = rng.exponential(400 * np.exp(-(age - 60) / 20)).round() + 1
    rows = ["%.1f,%d,%d" % (a, min(d, 700), d < 700) for a, d in zip(age, days)]
    (tmp_path / "lives.csv").write_text("age,days,died\n" + "\n".join(rows) + "\n")
    run(tmp_path, "survival", "lives.csv", "--time", "days", "--event", "died", "--out", "s", "--quiet", "--outer", "3", "--inner", "2", "--draws", "20")
    model = gradus.read(next((tmp_path / "s").glob("*.gradus")))
    assert model.task == "survival"
    table = {"age": [50.0, 70.0]}
    assert model.predict(table).shape == (2,)
    chances = model.predict_survival(table)
    assert chances.shape == (2, len(model.horizons)) and ((chances > 0) & (chances <= 1)).all()


def test_save(trained, tmp_path):
    folder, model, _ = trained
    model.save(tmp_path / "copy.gradus")
    assert (tmp_path / "copy.gradus").read_bytes() == (folder / "model.gradus").read_bytes()
    assert os.listdir(tmp_path) == ["copy.gradus"]
    with pytest.raises(FileNotFoundError):
        model.save(tmp_path / "nowhere" / "copy.gradus")


def test_refusals(trained):
    _, model, columns = trained
    with pytest.raises(gradus.GradusInputError) as refused:
        gradus.Model(b"no model")
    assert refused.value.key.startswith("model.")
    with pytest.raises(ValueError, match="agee"):
        model.predict({("agee" if n == "age" else n): v for n, v in columns.items()})
    with pytest.raises(ValueError, match="row 2"):
        model.predict({**columns, "age": [50, "fifty"] + [60] * 198})
    with pytest.raises(ValueError, match="finite"):
        model.predict({**columns, "age": np.array([1, np.inf] + [60.0] * 198)})
    with pytest.raises(ValueError, match="rows"):
        model.predict({**columns, "age": [50]})
    with pytest.raises(ValueError, match="matrix"):
        model.predict([1, 2])
    with pytest.raises(TypeError):
        model.predict({**columns, "age": [{}] * 200})


def test_the_version_is_that_of_the_program():
    with gradus.engine.engine() as e:
        assert e.ask({"do": "hello"})[0]["gradus"] == gradus.__version__


MARK = b"grd1"


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        MARK,
        MARK + struct.pack("<IQ", 2**32 - 1, 0),
        MARK + struct.pack("<IQ", 2, 2**63) + b"{}",
        MARK + struct.pack("<IQ", 2**28, 2**36) + b"{}",
        MARK + struct.pack("<IQ", 2, 2**36) + b"{}" + b"x" * 1000,
    ],
)
def test_hostile_frames(sent):
    limit = 2 << 30  # of memory: a claim of 64 GiB must cost none
    done = subprocess.run(
        [gradus.binary(), "pipe"], input=sent, capture_output=True, timeout=60,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))) if sys.platform == "linux" else None,
    )
    assert done.returncode == 2
    head = struct.unpack("<I", done.stdout[4:8])[0]
    assert json.loads(done.stdout[16 : 16 + head])["key"].startswith("pipe.")
    assert b"panic" not in done.stderr and b"goroutine" not in done.stderr


@pytest.mark.parametrize(
    "head, body",
    [
        ({"do": "fly"}, b""),
        ({"do": "fit"}, b""),
        ({"do": "hello", "more": 1}, b""),
        ({"do": "fit", "table": {"rows": 2**31, "columns": [{"name": "a"}] * 65536, "dtype": "float64", "order": "C", "target": {"name": "y"}}}, b"x"),
        ({"do": "fit", "table": {"rows": -1, "columns": [], "dtype": "float64", "order": "C", "target": {"name": "y"}}}, b""),
        ({"do": "fit", "table": {"rows": 1, "columns": [], "dtype": "int8", "order": "C", "target": {"name": "y"}}}, b"12345678"),
        ({"do": "fit", "table": {"rows": 2, "columns": [{"name": "a", "levels": ["u"]}], "dtype": "float64", "order": "C", "target": {"name": "y"}}}, struct.pack("<iidd", 0, 7, 0, 1)),
        ({"do": "fit", "table": {"rows": 2, "columns": [{"name": "a"}, {"name": "a"}], "dtype": "float64", "order": "C", "target": {"name": "y"}}}, b"\0" * 48),
        ({"do": "fit", "table": {"rows": 2, "columns": [{"name": "a"}], "dtype": "float64", "order": "C", "target": {"name": "y"}}, "settings": {"seed": -1}}, struct.pack("<dddd", 0, 1, 0, 1)),
    ],
)
def test_wrong_requests_are_answered(head, body):
    from gradus.engine import engine

    with engine() as e:
        with pytest.raises(ValueError):
            e.ask(head, [body])
        assert e.ask({"do": "hello"})[0]["protocol"] == 1  # and the next one too
