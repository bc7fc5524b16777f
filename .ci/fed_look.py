"""What .ci/world/fed.sh looks at: python fed_look.py ports N | open PORT | record FROM TO FILE | near A B LIMIT | leaks DIR | quality DIR."""

import asyncio
import csv
import json
import socket
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "federation"))


def ports(n: str) -> None:
    """Prints free ports."""
    sockets = [socket.socket() for _ in range(int(n))]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    print(*(s.getsockname()[1] for s in sockets))


def is_open(port: str) -> None:
    """Fails unless something listens."""
    socket.create_connection(("127.0.0.1", int(port)), 1).close()


def record(listen: str, target: str, file: str) -> None:
    """Carries connections on and keeps what comes from the side that opened them."""

    async def carry(reader, writer, keep=None):
        while data := await reader.read(1 << 16):
            if keep:
                keep.write(data)
                keep.flush()
            writer.write(data)
            await writer.drain()
        writer.close()

    async def connection(reader, writer):
        try:
            there = await asyncio.open_connection("127.0.0.1", int(target))
            await asyncio.gather(carry(reader, there[1], out), carry(there[0], writer))
        except OSError:
            writer.close()

    async def serve():
        async with await asyncio.start_server(connection, "127.0.0.1", int(listen)) as server:
            await server.serve_forever()

    with open(file, "ab") as out:
        asyncio.run(serve())


def near(a: str, b: str, limit: str) -> None:
    """Fails unless the weights of two models are nearly the same, and not the very same."""
    from gradus_federation.files import read_arrays, read_model

    x, y = read_arrays(Path(a)), read_arrays(Path(b))
    apart = max(float(abs(x[name] - y[name]).max()) for name in x)
    assert list(x) == list(y) and read_model(Path(a))["card"]["rows"] == read_model(Path(b))["card"]["rows"]
    assert 0 < apart <= float(limit), apart


def leaks(folder: str) -> None:
    """Looks for cells of the tables in what the sites sent and in all files that were made for others."""
    work, cells = Path(folder), set()
    for table in work.glob("*.csv"):
        for row in csv.DictReader(table.open()):
            cells |= {row["patient_id"], row["visit_date"]} | {cell for cell in row.values() if "." in cell}
    needles = {cell.encode() for cell in cells} | {struct.pack("<d", float(cell)) for cell in cells if "." in cell}
    by_length = {n: {c for c in needles if len(c) == n} for n in {len(c) for c in needles}}
    made = [*work.glob("*.sent"), *work.glob("by-files-*/*"), *work.glob("flower-*/*"), *work.glob("*.gradus"), *work.glob("*.json")]
    sent = b"".join(f.read_bytes() for f in work.glob("*.sent"))
    for sign in [b"gradus-summary-1", b"gradus-judged-1", b"num-examples"]:
        assert sent.count(sign) >= 3, f"{sign} is not where it must be: the search sees nothing"
    assert len(cells) > 10000 and len(made) > 20, (len(cells), len(made))
    for file in made:
        data = file.read_bytes()
        for n, some in by_length.items():
            found = sum(data[i : i + n] in some for i in range(len(data) - n + 1))
            assert not found, f"{file.name}: {found} cells"
    print(f"{len(cells)} cells, {len(made)} files, {len(sent)} bytes sent")


def quality(folder: str) -> None:
    """Holds the model of three sites against the others."""
    figures = {name: json.loads((Path(folder) / f"{name}.figures").read_text()) for name in ["three", "pooled", "A", "B", "C", "pool"]}
    auroc = {name: f["auroc"]["value"] for name, f in figures.items() if name != "pool"}
    loss = {name: f["log_loss"] for name, f in figures.items() if name != "pool"}
    for name in auroc:
        print(name, f"AUROC {auroc[name]:.4f}, log loss {loss[name]:.4f}, slope {figures[name]['calibration']['slope']:.3f}")
    single = [auroc[s] for s in "ABC"]
    assert abs(auroc["three"] - auroc["pooled"]) <= 0.02, "not near to one table"
    assert auroc["three"] > sum(single) / 3 and loss["three"] < sum(loss[s] for s in "ABC") / 3, "not above the single sites"
    risk = figures["pool"]["risk"]
    assert abs(risk["auroc"]["value"] - auroc["three"]) <= min(risk["auroc_error"], 0.01), risk


if __name__ == "__main__":
    {"ports": ports, "open": is_open, "record": record, "near": near, "leaks": leaks, "quality": quality}[sys.argv[1]](*sys.argv[2:])
