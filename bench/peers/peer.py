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
        if job.once or len(times) >= 3 and time.perf_counter() - began > seconds:
            break
    times.sort()
    return {"min": times[0], "median": times[len(times) // 2], "losses": losses}


def say(**what):
    print(json.dumps(what), flush=True)


def rows_one_by_one(work, predict):
    """Inference: predict(row (1,in)) for every row; its first output averaged."""
    rows = [work.rows[i:i + 1].copy() for i in range(len(work.rows))]

    def run():
        for row in rows:
            predict(row)

    return Job(len(rows), run, losses=lambda: [np.mean([np.asarray(predict(row)).ravel()[0] for row in rows])])


def products(name, multiply):
    """gemm-NT-256 and its like; multiply(form, a, b, c)."""
    _, form, n = name.split("-")
    r = np.random.default_rng(1)
    a, b = (r.uniform(-4, 4, (int(n), int(n))).astype(np.float32) for _ in range(2))
    return multiply(form, a, b, np.empty_like(a))


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
