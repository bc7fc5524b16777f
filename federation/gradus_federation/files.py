"""The files of gradus fed as NumPy arrays, and the program as a function."""

import hashlib
import json
import struct
import subprocess
from pathlib import Path

import numpy as np

ZEROS = "0" * 64


def gradus(program: str, *words: str) -> None:
    """Runs gradus fed; what it complains of stays in the log of this machine."""
    subprocess.run([program, "fed", *words], check=True, stdin=subprocess.DEVNULL)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Reads the arrays of a model or weights file, in the order of the network."""
    raw = path.read_bytes()
    (size,) = struct.unpack_from("<Q", raw)
    head = json.loads(raw[8 : 8 + size])
    head.pop("__metadata__", None)
    data = memoryview(raw)[8 + size :]
    return {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
        for name, entry in sorted(head.items(), key=lambda item: item[1]["data_offsets"])
    }


def read_metadata(path: Path) -> dict[str, str]:
    """Reads what stands beside the arrays."""
    raw = path.read_bytes()
    (size,) = struct.unpack_from("<Q", raw)
    return json.loads(raw[8 : 8 + size])["__metadata__"]


def read_said(path: Path) -> dict:
    """Reads what a weights file says of its arrays."""
    return json.loads(read_metadata(path)["said"])


def read_model(path: Path) -> dict:
    """Reads the head of a model file: target, preparation, card."""
    return json.loads(read_metadata(path)["model"])


def write_weights(path: Path, arrays: dict[str, np.ndarray], said: dict | str) -> None:
    """Writes a weights file, with the checksum that gradus asks for (docs/model-format.md)."""
    head = {"__metadata__": {"format": "gradus-weights-1", "said": said if isinstance(said, str) else json.dumps(said), "sha256": ZEROS}}
    data = b""
    for name, array in arrays.items():
        part = np.ascontiguousarray(array, "<f4").tobytes()
        head[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    whole = struct.pack("<Q", len(text)) + text + data
    seal = hashlib.sha256(whole).hexdigest()
    path.write_bytes(whole.replace(ZEROS.encode(), seal.encode(), 1))
