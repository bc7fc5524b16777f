"""What a hospital does: gradus reads the table, Flower carries what gradus wrote. Nothing here looks into the table."""

import sys
import tempfile
import traceback
from pathlib import Path

import numpy as np
from flwr.app import Array, ArrayRecord, ConfigRecord, Context, Error, Message, MetricRecord, RecordDict
from flwr.client.mod import secaggplus_mod
from flwr.clientapp import ClientApp
from flwr.common import Code, FitRes, Status, ndarrays_to_parameters, parameters_to_ndarrays
from flwr.common.secure_aggregation.secaggplus_constants import RECORD_KEY_CONFIGS
from flwr.compat.common import recorddict_compat as compat

from gradus_federation.files import gradus, read_arrays, read_said, write_weights

REFUSED = 1001  # Flower leaves codes from 1000 on to apps


def discreet(message: Message, context: Context, call_next) -> Message:
    """Keeps the cause of a failure at the site: a sentence of gradus may quote a cell."""
    try:
        return call_next(message, context)
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return Message(Error(code=REFUSED, reason="the site refused; its own log says why"), reply_to=message)


def secure(message: Message, context: Context, call_next) -> Message:
    """Flower's SecAgg+ where the coordinator runs it; a site that insists on it answers nothing else."""
    if RECORD_KEY_CONFIGS in message.content.config_records:
        return secaggplus_mod(message, context, call_next)
    if context.node_config.get("secure", False):
        raise RuntimeError("this site sends weights under secure aggregation only")
    return call_next(message, context)


app = ClientApp(mods=[discreet])


def fed(context: Context, command: str, table: str, folder: Path, round: dict | None = None) -> Path:
    """Runs a command of gradus fed on a table of this site and returns the file that it wrote.

    round is what came from the coordinator: the model as it began, the weights of all and what is said of them.
    """
    node, out = context.node_config, folder / "out"
    words = [command, str(node["plan"])]
    if round:
        (folder / "model").write_bytes(round["model"])
        write_weights(folder / "weights", round["arrays"], round["said"])
        words += [str(folder / "model"), "--weights", str(folder / "weights")]
    if command == "step" and "ledger" in node:
        words += ["--ledger", str(node["ledger"])]
    gradus(str(node.get("gradus", "gradus")), *words, str(node[table]), "--out", str(out))
    return out


@app.query()
def summary(message: Message, context: Context) -> Message:
    """Sends the summary of the site's table."""
    with tempfile.TemporaryDirectory() as folder:
        out = fed(context, "summary", "table", Path(folder))
        return Message(RecordDict({"summary": ConfigRecord({"file": out.read_bytes()})}), reply_to=message)


def received(message: Message) -> dict:
    """Takes a round out of a message of the message API."""
    config = message.content["config"]
    arrays = {name: array.numpy() for name, array in message.content["arrays"].items()}
    return {"model": config["model"], "said": config["said"], "arrays": arrays}


@app.train(mods=[secure])
def step(message: Message, context: Context) -> Message:
    """Trains for one round and sends weights, row count and mean cost."""
    legacy = "fitins.parameters" in message.content.array_records  # SecAgg+ speaks Flower's older records
    with tempfile.TemporaryDirectory() as folder:
        if not legacy:
            out = fed(context, "step", "table", Path(folder), received(message))
            arrays, said = read_arrays(out), read_said(out)
            metrics = {"num-examples": said["rows"]} | ({"cost": said["cost"]} if "cost" in said else {})
            record = ArrayRecord({name: Array(array) for name, array in arrays.items()})
            return Message(RecordDict({"arrays": record, "metrics": MetricRecord(metrics)}), reply_to=message)
        ins = compat.recorddict_to_fitins(message.content, keep_input=True)
        names = ins.config["names"].split("\n")
        arrays = dict(zip(names, parameters_to_ndarrays(ins.parameters), strict=True))
        out = fed(context, "step", "table", Path(folder), {**ins.config, "arrays": arrays})
        exact = [array.astype(np.float64) for array in read_arrays(out).values()]  # SecAgg+ adds its range before it rounds
        within(exact, float(ins.config["range"]))
        res = FitRes(Status(Code.OK, ""), ndarrays_to_parameters(exact), read_said(out)["rows"], {})
        return Message(compat.fitres_to_recorddict(res, keep_input=False), reply_to=message)


def within(arrays, limit: float) -> None:
    """Refuses weights that SecAgg+ would cut off without a word."""
    largest = max(float(abs(a).max()) for a in arrays)
    if largest >= limit:
        raise RuntimeError(f"a weight of {largest} is beyond the range {limit} of secure aggregation")


@app.evaluate()
def judge(message: Message, context: Context) -> Message:
    """Sends the figures of the model on the site's held rows."""
    with tempfile.TemporaryDirectory() as folder:
        out = fed(context, "judge", "held", Path(folder), received(message))
        return Message(RecordDict({"judged": ConfigRecord({"file": out.read_bytes()})}), reply_to=message)
