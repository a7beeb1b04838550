"""Command lines made at random, most of them wrong in one place or several, and the folder that they are run in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np

ODD = [
    *(
        "",
        " ",
        "-",
        "--",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "-1e999",
        "1e-999",
        "0",
        "-0",
        "-1",
        "1",
        "2",
        "3.5",
        "1/0",
        "0/0",
    ),
    *("1/3", "2^-8", "2^-99999999", "2^99999999", "2^1e9", "10**9", "9" * 400, "1e400ulp", "0.4999ulp", "ulp", "1 ulp"),
    *(
        "1ULPS",
        "true",
        "None",
        "null",
        "[]",
        "{}",
        "é",
        "\u0664",
        "\U0001f600",
        "\udcff",
        "a\nb",
        "a;b",
        "`x`",
        "../x",
        "/",
    ),
    *(
        ".",
        "..",
        "/dev/null",
        "x" * 300,
        "0x10",
        "1_000",
        "+1",
        "\uff11\uff12",
        "½",
        "1e5",
        "1e18",
        "18446744073709551616",
        "%s",
    ),
    *("{0}", "'", '"', "\\", "\t", "=", "a=b", "==", ":", "1:2", "2:1", ":1", "1:", "nan:1", "-inf:inf", "1:1", "0:0"),
    *("1e999:1", "1:2:3", "--help", "-h", "[red]", "[/]"),
]
FORMATS = ["SQ3.1", "SQ2.2", "UQ0.4", "SQ1.4", "UQ2.1", "SQ1.3", "ap_fixed<5,2>", "ap_ufixed<4,0>", "sq2.2", " SQ1.3 "]
ODD_FORMATS = [
    *(
        "SQ1.0",
        "UQ1.0",
        "UQ0.1",
        "SQ1.64",
        "SQ0.4",
        "UQ0.0",
        "SQ0.0",
        "Q4.4",
        "Q0.4",
        "Q0.0",
        "Q64.0",
        "SQ-2.10",
        "UQ4.-2",
    ),
    *("ap_fixed<6,-3>", "ap_ufixed<6,9>", "ap_fixed<6>", "ap_fixed<999999999999999999999,1>", "ap_fixed<0,0>"),
    *("SQ99999999999999999999.1", "SQ٤.٤", "SQ2.2\n", "SQ 2.2", "fix16_8", "SQ4,4", "UQ0." + "9" * 5000, "SQ1e2.3"),
]
FUNCTIONS = ["tanh", "logistic", "sigmoid", "hard_tanh", "hard_logistic", "tanh_derivative", "TANH", "HardSigmoid"]
METHODS = ["table", "bipartite", "taylor", "polynomial", "hard", "identity", "classic", "ramp", "Table"]
KEYS = [
    *(
        "degree",
        "segments",
        "fit",
        "folding",
        "kept_bits",
        "table_bits",
        "offset_bits",
        "variant",
        "slope",
        "offset",
        "min",
    ),
    *(
        "max",
        "scheme",
        "weight",
        "segmentation",
        "sharing",
        "coefficients",
        "products",
        "FIT",
        "function",
        "method",
        "self",
        "progress",
    ),
    *("specification", "__class__", "effort", "x y", "dégré", "interface", "saturate"),
]
VALUES = [
    *(
        "1",
        "2",
        "0",
        "-1",
        "99",
        "1e9",
        "exact",
        "minimax",
        "taylor",
        "least_squares",
        "continuous",
        "code",
        "magnitude",
    ),
    *(
        "table",
        "plan",
        "alippi",
        "rows",
        "whole",
        "hierarchical",
        "1/3",
        "-1/3",
        "1e-300",
        "1e300",
        "0.5",
        "torch",
        "True",
    ),
    *("EXACT", "chebyshev", "1/99999999999999999999999999"),
]
OPTIONS = {
    "--max-error": (["1ulp", "0.5ulp", "2ULP", "1e-1", "2^-3"], 0.5),
    "--with-derivative": (["SQ2.4", "UQ1.3", "SQ3.2", "UQ0.1"], 0.1),
    "--range": (["-1:1", "0:1", "0.1:0.2", "-8:8", "1/3:1/2"], 0.3),
    "--method": (METHODS, 0.6),
    "--interface": (["comb", "pipeline", "stream", "axis", "AXIS"], 0.4),
    "--target": (["ecp5", "ice40-hx8k", "xc7", "generic", "ICE40", "up5k"], 0.4),
    "--frequency": (["10", "100", "1", "2000", "250"], 0.3),
    "--latency": (["0", "1", "5", "300"], 0.2),
    "--stages": (["0", "1", "3", "256", "257"], 0.2),
    "--register-after": (["x", "y", "entry", "place"], 0.1),
    "--objective": (["luts", "latency", "fmax", "balanced", "LUTs"], 0.3),
    "--effort": (["quick", "QUICK"], 0.1),
    "--dsp": (["0", "1", "99"], 0.2),
    "--bram": (["0", "1", "99"], 0.2),
    "--name": (["u", "module", "x", "clk", "tanh", "_", "reg", "y_valid", "entry", "A" * 200, "A" * 201], 0.4),
}
"""Options of `softgate emit` with a value: what may be right, and how often they are given."""

MANIFESTS = ["good/u.json"] * 6 + ["good/u.v", "nope.json", "good", "file", "/dev/null"]
BROKEN = {"garbage.json": b'{"a": 1}', "empty.json": b"", "deep.json": b"[" * 100_000, "binary.json": bytes(range(256))}
ARRAYS = {
    "f.npy": np.array([0.1, np.nan, np.inf]),
    "i.npy": np.array([1, -5, 3]),
    "o.npy": np.array([10**6]),
    "b.npy": np.array([True]),
    "c.npy": np.array([1j]),
    "t.npy": np.array(["a"]),
    "e.npy": np.array([]),
    "s.npy": np.float32(0.3),
    "u.npy": np.array([2**64 - 1], np.uint64),
    "r.npy": np.zeros(2, [("a", "i4")]),
}


def some(random: Random, *pools: list[str]) -> str:
    return random.choice(random.choice(pools))


def mostly(random: Random, good: list[str], odd: list[str] = ODD, share: float = 0.8) -> str:
    return random.choice(good if random.random() < share else odd)


def emit_line(random: Random) -> list[str]:
    """A line for `softgate emit`, of few input bits: whatever it asks for is quick."""
    line = ["emit", mostly(random, FUNCTIONS, share=0.9)]
    line += [
        "-i",
        mostly(random, FORMATS, ODD_FORMATS + ODD, 0.9),
        "-o",
        mostly(random, FORMATS, ODD_FORMATS + ODD, 0.9),
    ]
    for option, (good, share) in OPTIONS.items():
        if random.random() < share / 2:
            line += [option, mostly(random, good)]
    for _ in range(random.choice([0, 0, 0, 1, 2])):
        setting = f"{mostly(random, KEYS, share=0.9)}={mostly(random, VALUES, share=0.8)}"
        line += ["--set", setting if random.random() < 0.9 else random.choice(ODD)]
    for flag in ("--saturate", "--monotonic", "--bench", "--vectors", "--force", "--json", "--tlast"):
        if random.random() < (0.6 if flag == "--saturate" else 0.1):
            line.append(flag)
    line += ["--out", mostly(random, ["out", "a/b/c", "file", "good"], share=0.95)] if random.random() < 0.9 else []
    if random.random() < 0.05:
        line.insert(random.randrange(len(line) + 1), random.choice(ODD))
    return line


def other_line(random: Random) -> list[str]:
    """A line for another command; what would synthesise, simulate, check or prove has something wrong in it."""
    manifest = random.choice([*MANIFESTS, *BROKEN, *ODD])
    broken = random.choice(["nope.json", *BROKEN, *ODD])
    command = random.choice(
        ["show", "eval", "explain", "list", "export", "plot", "sweep", "check", "synth", "simulate", "calibrate", ""]
    )
    figure = ["o.svg", "o.png", "o.xyz", "good/u.json", "good/u.v", "no/such/o.svg", "good", "/dev/full"]
    match command:
        case "show":
            line = [command, manifest]
            for _ in range(random.choice([0, 1, 2])):
                line += [random.choice(["--at", "--at-code"]), some(random, ODD, ["0.37", "-4", "5", "127", "-128"])]
            if random.random() < 0.3:
                line += [random.choice(["--svg", "--plot"]), some(random, ODD, figure)]
            return line
        case "eval":
            outputs = ["out.npy", "good/u.json", "no/o.npy", "good", "f.npy"]
            return [command, manifest, some(random, ODD, list(ARRAYS), ["z.npz", "file"]), some(random, ODD, outputs)]
        case "list":
            return [command, some(random, ODD, ["functions", "METHODS", "interfaces", "targets"])]
        case "export":
            return [command, some(random, ODD, ["good", "nope"]), some(random, ODD, ["o.csv", "o.parquet", "o.xls"])]
        case "plot":
            more = random.choice([[], ["--format", some(random, ODD, ["png"])], ["--error", random.choice(ODD)]])
            return [command, some(random, ODD, ["good", "nope"]), *more]
        case "sweep":
            grid = some(random, ODD, ["nope.toml", "good", "file", *BROKEN])
            dry = random.choice([[], ["--dry-run"]])
            out = ["--out", some(random, ODD, ["file", "file/x"])]
            return [command, grid, *out, "--jobs", some(random, ODD, ["1"]), *dry]
        case "calibrate":  # of a target that there is, it would take minutes
            return [command, random.choice([odd for odd in ODD if odd.strip()]), "--only", random.choice(ODD)]
        case "explain":
            return [command, manifest, *random.choice([[], ["--json"], ["--plot", some(random, ODD, figure)]])]
        case "synth":
            more = random.choice([[], ["--target", some(random, ODD)], ["--frequency", some(random, ODD)], ["--dsp"]])
            return [command, broken, *more]
        case "simulate":
            return [command, broken, "--simulator", some(random, ODD, ["icarus"]), "--seed", some(random, ODD, ["1"])]
        case "check":
            return [command, broken]
    return [some(random, ODD, ["emitt", "--version", "-h", "chek", "LIST"])]


def command_lines(seed: int, count: int) -> Iterator[list[str]]:
    """Lines, the same for the same seed, about six of ten of them for `softgate emit`."""
    random = Random(seed)
    for _ in range(count):
        yield emit_line(random) if random.random() < 0.62 else other_line(random)


def one_thing_odd() -> Iterator[list[str]]:
    """Lines for `softgate emit` in which each option is wrong once, in every way that is there."""
    right = ["emit", "tanh", "-i", "SQ2.2", "-o", "SQ1.3", "--out", "out"]
    for number, odd in enumerate(ODD):
        yield ["emit", odd, *right[2:]]
        option = list(OPTIONS)[number % len(OPTIONS)]
        yield [*right, option, odd]
        yield [*right, "--set", odd]
        yield [*right, "--max-error", odd]
        yield [*right, "--range", f"{odd}:1"]
        yield [*right, "--set", f"degree={odd}"]
        yield [*right, "--set", f"{KEYS[number % len(KEYS)]}={odd}"]
    for odd in ODD_FORMATS:
        yield [*right[:3], odd, *right[4:]]
        yield [*right[:5], odd, *right[6:]]


def furnish(folder: Path, unit: Path) -> None:
    """Put a unit and files of all kinds into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copytree(unit, folder / "good")
    for name, content in {**BROKEN, "file": b"x"}.items():
        (folder / name).write_bytes(content)
    for name, array in ARRAYS.items():
        np.save(folder / name, array)
    np.savez(folder / "z.npz", a=np.arange(3))


def listing(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder, with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}
