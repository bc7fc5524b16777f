"""Writes dp_accounting.json: what dp-accounting 0.6.0 (Google, Apache-2.0) says. Run: pip install dp-accounting==0.6.0; python make.py > dp_accounting.json"""

import json
import math

import dp_accounting
from dp_accounting import rdp
from scipy import integrate

EPSILON = [
    # share q, noise σ, steps, δ
    (1.0, 1.0, 1, 1e-5), (1.0, 4.0, 15, 1e-5), (1.0, 0.3, 3, 1e-6), (0.01, 1.0, 1000, 1e-5), (0.001, 0.7, 20000, 1e-6),
    (0.032, 1.1, 930, 1e-5), (0.04, 0.8, 750, 1e-4), (0.1, 2.0, 300, 1e-5), (0.5, 3.0, 50, 1e-5), (0.9, 1.5, 10, 1e-5),
    (0.032, 20.0, 930, 1e-5), (0.25, 0.5, 5, 1e-3), (1e-5, 0.5, 10, 1e-9),
]
ORDERS = [1.1, 1.5, 2.0, 3.7, 5.0, 10.9, 17.0, 63.0, 256.0]
RDP = [(q, s, a) for q, s in [(1.0, 1.3), (0.01, 1.0), (0.032, 1.1), (0.3, 0.9), (0.9, 4.0), (0.001, 0.7)] for a in ORDERS]


def event(q, sigma, steps):
    gaussian = dp_accounting.GaussianDpEvent(sigma)
    return dp_accounting.SelfComposedDpEvent(gaussian if q == 1 else dp_accounting.PoissonSampledDpEvent(q, gaussian), steps)


WHOLE = list(range(2, 64)) + [128, 256, 512, 1024]


def epsilon(q, sigma, steps, delta, orders=None):
    accountant = rdp.RdpAccountant(orders) if orders else rdp.RdpAccountant()
    accountant.compose(event(q, sigma, steps))
    return accountant.get_epsilon(delta)


def divergence(q, sigma, alpha):
    """Of a whole order from dp-accounting. Of another by quadrature of the definition: dp-accounting bounds its series there by leaving out the
    signs of the binomial coefficients, and so says a little more than the divergence is."""
    if alpha == int(alpha) or q == 1:
        accountant = rdp.RdpAccountant([alpha])
        accountant.compose(event(q, sigma, 1))
        return float(accountant._rdp[0])
    v = sigma * sigma
    density = lambda x: math.exp(-x * x / (2 * v)) / math.sqrt(2 * math.pi * v)
    # E[(1+u)^α] − 1 with u of mean 0: (1+u)^α − 1 − αu keeps the digits that 1 would swallow
    u = lambda x: q * math.expm1(min((2 * x - 1) / (2 * v), 700))
    # where that is too large for a float, the density goes into the exponent
    def f(x):
        power = alpha * math.log1p(u(x))
        if power < 30:
            return density(x) * (math.expm1(power) - alpha * u(x))
        return math.exp(power - x * x / (2 * v)) / math.sqrt(2 * math.pi * v) - density(x) * (1 + alpha * u(x))

    parts = [integrate.quad(f, a, b, epsabs=0, epsrel=1e-12, limit=1000)[0] for a, b in zip(CUTS, CUTS[1:])]
    return math.log1p(math.fsum(parts)) / (alpha - 1)


CUTS = [-60.0, -10.0, -3.0, 0.0, 1.0, 3.0, 10.0, 30.0, 90.0]

print(json.dumps({
    "epsilon": [
        {"q": q, "sigma": s, "steps": n, "delta": d, "epsilon": epsilon(q, s, n, d), "whole": epsilon(q, s, n, d, WHOLE)}
        for q, s, n, d in EPSILON
    ],
    "rdp": [{"q": q, "sigma": s, "alpha": a, "rdp": divergence(q, s, a)} for q, s, a in RDP],
}, indent=1))
