"""What the tests of gradus serve with programs of others share: models of two bundled tables, and the service over them."""

import contextlib
import csv
import json
import subprocess
import sys
import tempfile

GRADUS = sys.argv[1]


def gradus(*args, **more):
    return subprocess.run([GRADUS, *args], check=True, capture_output=True, text=True, **more).stdout


@contextlib.contextmanager
def service(tables):
    """Trains a small network on each table, serves them all and gives the address, and of each its rows and what predict says of them."""
    with tempfile.TemporaryDirectory() as folder:
        models, known = [], {}
        for name, target in tables.items():
            path, table = f"{folder}/{name}.gradus", f"{folder}/{name}.csv"
            with open(table, "w", newline="") as f:
                f.write(gradus("data", name, "--csv"))
            gradus("train", table, "--target", target, "--hidden", "8", "--epochs", "3", "--out", path)
            models.append(path)
            with open(table, newline="") as f:
                rows = list(csv.DictReader(f))
            known[name] = rows, json.loads(gradus("predict", path, table, "--json"))
        server = subprocess.Popen([GRADUS, "serve", *models, "--bind", "127.0.0.1:0", "--log", "off"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            address = server.stdout.readline().strip()
            assert address, server.stderr.read()
            yield address, known
        finally:
            server.terminate()
            assert server.wait(timeout=30) == 0, server.stderr.read()
