"""State dicts that PyTorch wrote, imported by gradus, answer as PyTorch does: torch_import.py GRADUS FOLDER, with torch and safetensors."""

import csv
import json
import subprocess
import sys

import torch
from safetensors.torch import save_file
from torch import nn

gradus, folder = sys.argv[1:]
torch.manual_seed(1)
names = ["a", "b", "c", "d", "e"]
x = torch.randn(200, 5) * 2
with open(folder + "/rows.csv", "w", newline="") as f:
    w = csv.writer(f)
    w.writerow(names)
    w.writerows([[float(v) for v in row] for row in x])


class Named(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.bn1, self.fc2, self.bn2, self.head = nn.Linear(5, 16), nn.BatchNorm1d(16), nn.Linear(16, 16), nn.BatchNorm1d(16), nn.Linear(16, 3)

    def forward(self, x):
        x = torch.tanh(self.bn1(self.fc1(x)))
        return self.head(torch.tanh(self.bn2(self.fc2(x))))


class Functional(nn.Module):
    def __init__(self, wide=12):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(5, wide)] + [nn.Linear(wide, wide, bias=False) for _ in range(10)] + [nn.Linear(wide, 1)])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.nn.functional.gelu(layer(x))
        return self.layers[-1](x)


S = nn.Sequential
CASES = [
    ("plain", S(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 8), nn.ReLU(), nn.Linear(8, 1)), "sigmoid", ["--activation", "relu"]),
    ("dropout", S(nn.Linear(5, 32), nn.SiLU(), nn.Dropout(0.3), nn.Linear(32, 2)), "softmax", ["--activation", "silu"]),
    ("norms", S(nn.Linear(5, 16), nn.BatchNorm1d(16), nn.LeakyReLU(), nn.Dropout(0.1), nn.Linear(16, 8), nn.LayerNorm(8), nn.LeakyReLU(), nn.Linear(8, 1)), "linear", ["--activation", "leaky-relu"]),
    ("before", S(nn.Linear(5, 16), nn.ELU(), nn.BatchNorm1d(16), nn.Linear(16, 1)), "linear", ["--activation", "elu"]),
    ("two", S(nn.Linear(5, 16), nn.Tanh(), nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 4)), "softmax", ["--activation", "tanh,relu"]),
    ("named", Named(), "softmax", ["--activation", "tanh", "--order", "fc1,bn1,fc2,bn2,head", "--levels", "zebra,ant,moth"]),
    ("functional", Functional(), "linear", ["--activation", "gelu"]),
    ("half", S(nn.Linear(5, 8), nn.Sigmoid(), nn.Linear(8, 1)).half(), "sigmoid", ["--activation", "sigmoid"]),
    ("brain", S(nn.Linear(5, 8), nn.Softplus(), nn.Linear(8, 1)).bfloat16(), "linear", ["--activation", "softplus"]),
    ("double", S(nn.Linear(5, 8), nn.Mish(), nn.Linear(8, 1)).double(), "linear", ["--activation", "mish"]),
]


def truth(net, output):
    """What PyTorch computes in float64 from the weights as they are."""
    with torch.no_grad():
        z = net.double().eval()(x.double())
    if output == "sigmoid":
        p = torch.sigmoid(z)
        return torch.cat([1 - p, p], 1)
    return torch.softmax(z, 1) if output == "softmax" else z


failed = False
for name, net, output, flags in CASES:
    with torch.no_grad():
        for m in net.modules():  # statistics that are not those of the start
            if isinstance(m, nn.BatchNorm1d):
                m.running_mean.normal_()
                m.running_var.uniform_(0.5, 2)
                m.weight.normal_(1, 0.2)
    path, out = "%s/%s.safetensors" % (folder, name), "%s/%s.gradus" % (folder, name)
    save_file(net.state_dict(), path)
    subprocess.run([gradus, "import", path, "--target", "y", "--table", folder + "/rows.csv", "--output", output, "--out", out, "-q", *flags], check=True, stdout=subprocess.DEVNULL)
    rows = json.loads(subprocess.run([gradus, "predict", out, folder + "/rows.csv", "--json"], check=True, stdout=subprocess.PIPE).stdout)
    want = truth(net, output)
    if output == "linear":
        got = torch.tensor([[r["prediction"]] for r in rows], dtype=torch.float64)
    else:
        levels = flags[flags.index("--levels") + 1].split(",") if "--levels" in flags else [str(i) for i in range(want.shape[1])]
        got = torch.tensor([[r["p"][level] for level in levels] for r in rows], dtype=torch.float64)
    worst = ((got - want).abs() / want.abs().clamp(min=1)).max().item()
    print("%-10s %s, %d rows, furthest %.1e" % (name, output, len(rows), worst))
    failed |= not worst <= 1e-6
sys.exit(failed)
