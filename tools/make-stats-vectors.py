#!/usr/bin/env python3
"""Writes tests/unit/stats_vectors.h: what SciPy and NumPy say about fixed inputs.

Usage: make-stats-vectors.py            print the header
       make-stats-vectors.py --check F  exit 1 when F is not what would be printed (77: no SciPy)
"""
import sys

try:
    import numpy as np
    from scipy import integrate, special, stats
except ImportError:
    print("SciPy is not importable here")
    sys.exit(77)


def number(x):
    return repr(float(x))


def samples():
    """Fixed lists of numbers, made without any random generator that could change."""
    x, out = 12345, []
    for n in (1, 2, 3, 5, 8, 20, 47, 200):
        row = []
        for _ in range(n):
            x = (x * 1103515245 + 12345) % 2**31
            u = (x + 0.5) / 2**31
            row.append(float(stats.norm.ppf(u)) * 3 + 10)
        out.append(row)
    out.append([4.0, 4.0, 4.0, 4.0, 9.0])
    return out


def log_e(n, w):
    """log of 2^(n+1) times the integral of p^w (1-p)^(n-w) over (1/2, 1)."""
    log_tail = special.logsumexp(stats.binom.logpmf(np.arange(w + 1), n + 1, 0.5))
    return (n + 1) * np.log(2) + special.betaln(w + 1, n - w + 1) + min(log_tail, 0.0)


def rank_fixed(n, level):
    k = 0
    while k + 1 <= n // 2 and stats.binom.cdf(k, n, 0.5) <= (1 - level) / 2:
        k += 1
    return k


def rank_sequence(n, level):
    for w in range(n + 1):
        if log_e(n, w) >= np.log(2 / (1 - level)):
            return n + 1 - w
    return 0


def self_check():
    """The closed form of the e-value against the integral that defines it."""
    for n, w in ((5, 4), (13, 13), (40, 29), (40, 11)):
        direct, _ = integrate.quad(lambda p: 2.0**(n + 1) * p**w * (1 - p)**(n - w), 0.5, 1, epsabs=0, epsrel=1e-12)
        assert abs(np.log(direct) - log_e(n, w)) < 1e-9, (n, w)


def lines():
    yield "/* Made by tools/make-stats-vectors.py from SciPy and NumPy; do not edit. */"
    yield "static const struct {"
    yield "\tsize_t n;"
    yield "\tdouble v[200], median, spread, q10, q90, lag1;"
    yield "} sample_vectors[] = {"
    for row in samples():
        spread = stats.median_abs_deviation(row, scale="normal")
        lag1 = np.corrcoef(row[:-1], row[1:])[0, 1] if len(row) >= 3 and len(set(row)) > 2 else float("nan")
        lag1 = "NAN" if np.isnan(lag1) else number(lag1)
        yield "\t{%d, {%s}," % (len(row), ", ".join(map(number, row)))
        yield "\t %s, %s, %s, %s, %s}," % (
            number(np.median(row)), number(spread), number(np.quantile(row, 0.1)), number(np.quantile(row, 0.9)), lag1)
    yield "};"
    yield "static const struct {"
    yield "\tuint64_t n, k;"
    yield "\tdouble log_pmf, cdf, sign_p, log_e;"
    yield "} sign_vectors[] = {"
    for n in (1, 2, 6, 13, 15, 30, 101, 500, 2000, 10000):
        for k in sorted({0, 1, n // 4, n // 2, (n + 1) // 2, n // 2 + int(n**0.5), (2 * n) // 3, n - 1, n} & set(range(n + 1))):
            p = stats.binomtest(k, n, 0.5, alternative="greater").pvalue
            yield "\t{%d, %d, %s, %s, %s, %s}," % (
                n, k, number(stats.binom.logpmf(k, n, 0.5)), number(stats.binom.cdf(k, n, 0.5)), number(p), number(log_e(n, k)))
    yield "};"
    yield "static const struct {"
    yield "\tuint64_t n;"
    yield "\tdouble level;"
    yield "\tuint64_t fixed, sequence;"
    yield "} rank_vectors[] = {"
    for n in (1, 5, 6, 7, 8, 9, 15, 16, 40, 101, 1000):
        for level in (0.9, 0.95, 0.99):
            yield "\t{%d, %s, %d, %d}," % (n, number(level), rank_fixed(n, level), rank_sequence(n, level))
    yield "};"


def numbers_of(text):
    import re

    return [float(x) if x != "NAN" else None for x in re.findall(r"NAN|(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)]


def main():
    self_check()
    text = "\n".join(lines()) + "\n"
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        have, want = numbers_of(open(sys.argv[2]).read()), numbers_of(text)
        same = len(have) == len(want) and all(
            a == b or (a is not None and b is not None and abs(a - b) <= 1e-12 * max(1, abs(b))) for a, b in zip(have, want))
        print("the committed vectors %s SciPy's" % ("are" if same else "are NOT"))
        return 0 if same else 1
    sys.stdout.write(text)
    return 0


sys.exit(main())
