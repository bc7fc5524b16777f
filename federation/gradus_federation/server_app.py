"""What the coordinator does: it asks for summaries, makes the start, runs the rounds and puts the judgements together. It sees no row."""

import json
import tempfile
import time
from pathlib import Path

import numpy as np
from flwr.app import Array, ArrayRecord, ConfigRecord, Context, Message, RecordDict
from flwr.common import FitRes, ndarrays_to_parameters, parameters_to_ndarrays
from flwr.server import LegacyContext, ServerConfig
from flwr.server.strategy import FedAvg as LegacyFedAvg
from flwr.server.workflow import DefaultWorkflow, SecAggPlusWorkflow
from flwr.serverapp import Grid, ServerApp
from flwr.serverapp.strategy import FedAvg

from gradus_federation.files import gradus, read_arrays, read_model, write_weights

RANGE = 64.0  # largest weight that secure aggregation carries

app = ServerApp()


class Federation:
    """The folder of a run: the plan, the start and the model of the last round."""

    def __init__(self, config: dict, folder: Path) -> None:
        self.program, self.plan, self.sites = str(config["gradus"]), str(config["plan"]), int(config["sites"])
        self.folder, self.out = folder, Path(str(config["out"]))
        self.out.mkdir(parents=True, exist_ok=True)
        self.rounds = int(config["rounds"]) or json.loads(Path(self.plan).read_text())["rounds"]
        self.start = self.folder / "start.gradus"
        self.model = self.start

    def begin(self, summaries: list[bytes]) -> None:
        """Makes the common start of the sites' summaries."""
        gradus(self.program, "start", self.plan, *self.files("summary", summaries), "--out", str(self.start))

    def files(self, name: str, contents: list[bytes]) -> list[str]:
        """Writes what the sites sent, in an order that does not tell who was first."""
        paths = [self.folder / f"{name}-{i + 1}" for i in range(len(contents))]
        for path, content in zip(paths, sorted(contents)):
            path.write_bytes(content)
        return [str(p) for p in paths]

    def said(self, round: int, rows: int, sites: int) -> dict:
        """What is said of weights after a round."""
        return {"plan": read_model(self.start)["card"]["federation"]["plan"], "round": round, "rows": rows, "sites": sites}

    def sent(self, round: int) -> dict:
        """What goes to every site beside the weights of all."""
        card = read_model(self.model)["card"]
        said = self.said(round - 1, card["rows"], card["federation"]["sites"])
        return {"model": self.start.read_bytes(), "said": json.dumps(said)}

    def average(self, sites: list[tuple[dict, dict]]) -> None:
        """Makes the mean of the weights that came the model of the round."""
        paths = []
        for i, (arrays, said) in enumerate(sites):
            paths.append(str(self.folder / f"site-{i + 1}"))
            write_weights(Path(paths[-1]), arrays, said)
        following = self.folder / f"round-{sites[0][1]['round']}.gradus"
        gradus(self.program, "average", self.plan, str(self.start), *paths, "--out", str(following))
        self.model = following


def record(arrays: dict[str, np.ndarray]) -> ArrayRecord:
    """Packs arrays for a message."""
    return ArrayRecord({name: Array(array) for name, array in arrays.items()})


class Rounds(FedAvg):
    """Flower's FedAvg, its mean computed by gradus: the same bits in whatever order the sites answer. FedProx is the μ of the plan."""

    def __init__(self, federation: Federation) -> None:
        n = federation.sites
        super().__init__(fraction_evaluate=0.0, min_train_nodes=n, min_available_nodes=n)
        self.federation = federation

    def configure_train(self, server_round, arrays, config, grid):
        """Sends the model as it began with the weights of all."""
        config.update(self.federation.sent(server_round))
        return super().configure_train(server_round, arrays, config, grid)

    def aggregate_train(self, server_round, replies):
        """Hands what came to gradus; a round in which a site is missing ends the run."""
        good, bad = self._check_and_log_replies(list(replies), is_train=True)
        if bad or len(good) < self.federation.sites:
            raise RuntimeError(f"round {server_round}: {len(good)} of {self.federation.sites} sites answered")
        sites = []
        for message in good:
            metrics = dict(message.content["metrics"])
            said = self.federation.said(server_round, int(metrics["num-examples"]), 1)
            if "cost" in metrics:
                said["cost"] = metrics["cost"]
            sites.append(({k: v.numpy() for k, v in message.content["arrays"].items()}, said))
        self.federation.average(sites)
        return record(read_arrays(self.federation.model)), self.train_metrics_aggr_fn([m.content for m in good], self.weighted_by_key)


class SecureRounds(LegacyFedAvg):
    """FedAvg behind SecAgg+: the weights that come are the mean already, and no site's own are ever here."""

    def __init__(self, federation: Federation) -> None:
        n = federation.sites
        start = ndarrays_to_parameters(list(read_arrays(federation.start).values()))
        super().__init__(
            fraction_evaluate=0.0, min_fit_clients=n, min_available_clients=n, initial_parameters=start, accept_failures=False
        )
        self.federation = federation
        self.names = list(read_arrays(federation.start))

    def configure_fit(self, server_round, parameters, client_manager):
        """Sends the model as it began with the weights of all."""
        list_ = super().configure_fit(server_round, parameters, client_manager)
        for _, ins in list_:
            ins.config = {**self.federation.sent(server_round), "names": "\n".join(self.names), "range": RANGE}
        return list_

    def aggregate_fit(self, server_round, results: list[tuple[object, FitRes]], failures):
        """Takes the mean that SecAgg+ unmasked."""
        if failures or len(results) < self.federation.sites:
            raise RuntimeError(f"round {server_round}: {len(results)} of {self.federation.sites} sites answered")
        rows = sum(res.num_examples for _, res in results)
        mean = [a.astype(np.float32) for a in parameters_to_ndarrays(results[0][1].parameters)]
        said = self.federation.said(server_round, rows, len(results))
        self.federation.average([(dict(zip(self.names, mean, strict=True)), said)])
        return ndarrays_to_parameters(list(read_arrays(self.federation.model).values())), {}


def secure_rounds(grid: Grid, context: Context, federation: Federation, most_rows: int) -> None:
    """Runs the rounds with Flower's SecAgg+. The key shares of two sites in three open the masks of one that drops out; no fewer do."""
    levels = 31 - federation.sites.bit_length()  # the sum over the sites stays below the modulus of 2³²
    workflow = SecAggPlusWorkflow(
        num_shares=1.0,
        reconstruction_threshold=2 / 3,
        max_weight=float(most_rows),
        clipping_range=RANGE,
        quantization_range=2**levels,
    )
    legacy = LegacyContext(
        context=context, config=ServerConfig(num_rounds=federation.rounds), strategy=SecureRounds(federation)
    )
    DefaultWorkflow(fit_workflow=workflow)(grid, legacy)
    if federation.model.name != f"round-{federation.rounds}.gradus":
        raise RuntimeError("secure aggregation halted before the last round; the log above says where")


def nodes(grid: Grid, sites: int, wait: float) -> list[int]:
    """Waits until the sites are there."""
    until = time.monotonic() + wait
    while len(ids := sorted(grid.get_node_ids())) < sites:
        if time.monotonic() > until:
            raise RuntimeError(f"{len(ids)} of {sites} sites came within {wait} seconds")
        time.sleep(0.2)
    return ids


def ask(grid: Grid, ids: list[int], kind: str, content: RecordDict, answer: str) -> list[bytes]:
    """Asks every site and returns the files they sent."""
    messages = [Message(content=content, message_type=kind, dst_node_id=i) for i in ids]
    replies = list(grid.send_and_receive(messages, timeout=3600))
    bad = [m for m in replies if m.has_error()]
    if bad or len(replies) < len(ids):
        raise RuntimeError(f"{kind}: {len(replies) - len(bad)} of {len(ids)} sites answered" + "".join(f"; {m.error.reason}" for m in bad))
    return [bytes(m.content[answer]["file"]) for m in replies]


@app.main()
def main(grid: Grid, context: Context) -> None:
    """Runs the federation and leaves model.gradus and the judgements in the folder out."""
    config = context.run_config
    with tempfile.TemporaryDirectory() as folder:
        federation = Federation(config, Path(folder))
        ids = nodes(grid, federation.sites, float(config["wait"]))
        summaries = ask(grid, ids, "query", RecordDict({"config": ConfigRecord({"want": "summary"})}), "summary")
        federation.begin(summaries)
        if config["secure"]:
            secure_rounds(grid, context, federation, max(json.loads(s)["rows"] for s in summaries))
        else:
            Rounds(federation).start(grid, record(read_arrays(federation.start)), num_rounds=federation.rounds)
        sent = ConfigRecord(federation.sent(federation.rounds + 1))
        judged = ask(grid, ids, "evaluate", RecordDict({"arrays": record(read_arrays(federation.model)), "config": sent}), "judged")
        (federation.out / "model.gradus").write_bytes(federation.model.read_bytes())
        for i, content in enumerate(sorted(judged)):
            (federation.out / f"judged-{i + 1}.json").write_bytes(content)
