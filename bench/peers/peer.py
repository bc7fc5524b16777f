"""What every Python peer shares: the pieces of work that gradus exported, the clock, and the conversation with bench/drive.

A peer is started as `python X_peer.py FOLDER THREADS [MODE]`. It says one line of JSON about itself, {"peer", "version"} or {"skip"},
then answers each line `WORK SECONDS` with one line: {"work", "min", "median", "losses"}, times in ns a step, or {"work", "skip"}.
"""
import json
import os
import sys
import time

THREADS = int(sys.argv[2])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)  # before numpy is loaded: afterwards is too late
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import numpy as np

FOLDER = sys.argv[1]
MODE = sys.argv[3] if len(sys.argv) > 3 else ""


def manifest():
    with open(os.path.join(FOLDER, "bench.json"), encoding="utf-8") as f:
        return json.load(f)


def floats(name, *shape):
    """An exported array, aligned as numpy aligns."""
    return np.fromfile(os.path.join(FOLDER, name), dtype="<f4").reshape(shape).copy()


class Work:
    """One workload: layers [(w (out,in), b (out))], batches x and y, rows to predict."""

    def __init__(self, name):
        d = next(w for w in manifest()["train"] if w["name"] == name)
        self.name, self.sizes, self.batch, self.steps, self.alpha = name, d["sizes"], d["batch"], d["steps"], d["alpha"]
        flat, at, self.layers = floats(d["weights"], -1), 0, []
        for a, b in zip(self.sizes, self.sizes[1:]):
            self.layers.append((flat[at:at + a * b].reshape(b, a).copy(), flat[at + a * b:at + a * b + b].copy()))
            at += a * b + b
        assert at == flat.size
        self.binary = self.sizes[-1] == 1
        x, y = floats(d["x"], d["batches"], self.batch, self.sizes[0]), floats(d["y"], d["batches"], self.batch)
        self.x, self.y = [a.copy() for a in x], [a.copy() for a in y]
        self.rows = floats(d["rows"], -1, self.sizes[0])


class Job:
    """Something to time: steps of one repetition, ready (not timed), run, losses (of the last repetition)."""

    once = False

    def __init__(self, steps, run, ready=None, losses=None):
        self.steps, self.run, self.ready, self.losses = steps, run, ready, losses


LONG = 4  # seconds after which one repetition is enough


def measure(job, seconds):
    times, losses, began, count = [], [], time.perf_counter(), 0
    while True:
        if job.ready:
            job.ready()
        start = time.perf_counter_ns()
        job.run()
        spent = (time.perf_counter_ns() - start) / job.steps
        if count == 0 and job.losses:
            losses = [float(v) for v in job.losses()]
        if count > 0 or job.once:
            times.append(spent)
        count += 1
        gone = time.perf_counter() - began
        if job.once or len(times) >= 3 and gone > seconds or times and gone > LONG:
            break
    times.sort()
    return {"min": times[0], "median": times[len(times) // 2], "losses": losses}


def say(**what):
    print(json.dumps(what), flush=True)


def predictions(name):
    """infer-S, or infer-S-256, taken apart: the workload, and how many rows are predicted at a time."""
    parts = name.split("-")
    return Work(parts[1]), int(parts[2]) if len(parts) > 2 else 1


def rows_by_rows(work, predict, at=1, convert=lambda rows: rows):
    """Inference: predict(rows (at,in)) for all rows; their first output averaged."""
    pieces = [convert(work.rows[i:i + at].copy()) for i in range(0, len(work.rows), at)]

    def run():
        for piece in pieces:
            predict(piece)

    return Job(len(pieces), run, losses=lambda: [np.mean([np.asarray(predict(piece)).reshape(at, -1)[:, 0] for piece in pieces])])


def pattern(n, step, period, scale):
    """Numbers about 0 that gradus makes alike, exactly."""
    i = np.arange(n, dtype=np.int64)
    return ((i * step % period - period // 2) / scale).astype(np.float32)


def products(name, multiply):
    """gemm-NT-256 and its like; multiply(form, a, b, c) returns what computes c."""
    _, form, n = name.split("-")
    n = int(n)
    a, b, c = pattern(n * n, 37, 1021, 256).reshape(n, n), pattern(n * n, 53, 1013, 256).reshape(n, n), np.empty((n, n), np.float32)
    run = multiply(form, a, b, c)
    return Job(1, run, losses=lambda: [np.mean(np.abs(c), dtype=float), c[0, -1], c[-1, 0]])


def vectors(name, functions, adam):
    """vector-exp and its like: functions[name](h, o) returns what computes h; adam(w, g, α) returns what does a step."""
    if name == "vector-adam":
        w, g = pattern(100_000, 37, 4099, 512), pattern(100_000, 53, 4099, 512)
        return Job(w.size, adam(w, g, .1), losses=lambda: [np.mean(np.abs(w), dtype=float)])
    make = functions.get(name[len("vector-"):])
    if make is None:
        return None
    o = pattern(10_000, 37, 4099, 512).reshape(100, 100)
    if name == "vector-log":
        o = np.abs(o) + np.float32(1 / 512)
    h = np.empty_like(o)
    return Job(o.size, make(h, o), losses=lambda: [np.mean(np.abs(h), dtype=float), h.ravel()[o.size // 3]])


def serve(peer, version, build):
    """build(work name) returns a Job, or None where the peer does not do that work."""
    say(peer=peer, version=version)
    jobs = {}
    for line in sys.stdin:
        name, seconds = line.split()
        try:
            if name not in jobs:
                jobs.clear()  # only one workload's memory at a time
                jobs[name] = build(name)
            if jobs[name] is None:
                say(work=name, skip="not done by this peer")
            else:
                say(work=name, **measure(jobs[name], float(seconds)))
        except Exception as e:  # the driver names it; the other workloads go on
            jobs[name] = None
            say(work=name, skip=f"{type(e).__name__}: {e}"[:300])


def load(module):
    """The module, or one line why not, and the end."""
    try:
        return __import__(module)
    except Exception as e:
        say(skip=f"{module} cannot be imported ({type(e).__name__}: {e})"[:200])
        sys.exit(0)
