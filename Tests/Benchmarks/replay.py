"""Playing the machine repairman: the replay engine beside a plain C++ heap, SimGrid and SimPy."""

import os
import subprocess
import sys
import tempfile

from measure import median, table

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOURCES = os.path.join(ROOT, "Tests", "Benchmarks", "ReplaySpeed")
SIZES = (64, 1024)


def exact(customers, think=10.0, hold=1.0):
    """Throughput of M/M/1//N by mean value analysis (Reiser and Lavenberg 1980)."""
    queue = throughput = 0.0
    for n in range(1, customers + 1):
        response = hold * (1 + queue)
        throughput = n / (think + response)
        queue = throughput * response
    return throughput


def compiled(folder, name, *flags):
    """Compiles one peer; None where the compiler or the library is missing."""
    binary = os.path.join(folder, name)
    source = os.path.join(SOURCES, name + ".cpp")
    try:
        built = subprocess.run(
            ["g++", "-O2", "-std=c++17", "-o", binary, source, *flags], capture_output=True)
    except FileNotFoundError:
        return None
    return binary if built.returncode == 0 else None


def with_simpy():
    """A Python that has SimPy; None without one."""
    for python in (os.path.join(ROOT, ".build/oracles/bin/python3"), sys.executable):
        if os.path.exists(python):
            if subprocess.run([python, "-c", "import simpy"], capture_output=True).returncode == 0:
                return python
    return None


def main(_, rounds):
    """Prints the table of simulation speeds."""
    build = ["swift", "build", "-c", "release", "--package-path", ROOT]
    subprocess.run(build + ["--product", "replay-speed"], check=True, capture_output=True)
    folder = subprocess.run(
        build + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    with tempfile.TemporaryDirectory() as scratch:
        heap = compiled(scratch, "heap")
        simgrid = compiled(scratch, "simgrid", "-lsimgrid")
        python = with_simpy()
        jobs = {"oslet replay": ([os.path.join(folder, "replay-speed")], 8_000_000)}
        if heap:
            jobs["C++ binary heap"] = ([heap], 8_000_000)
        if simgrid:
            jobs["SimGrid"] = ([simgrid], 600_000)
        if python:
            jobs["SimPy"] = ([python, os.path.join(SOURCES, "simpy_repairman.py")], 200_000)
        rows = []
        for customers in SIZES:
            speeds = {label: [] for label in jobs}
            errors = {label: [] for label in jobs}
            # Interleaved, so that other load on the machine meets all alike.
            for seed in range(1, rounds + 1):
                for label, (command, events) in jobs.items():
                    printed = subprocess.run(
                        command + [str(customers), str(events), str(seed)], check=True,
                        capture_output=True, text=True).stdout.split()
                    speeds[label].append(float(printed[1]) / float(printed[0]))
                    errors[label].append(float(printed[2]) / exact(customers) - 1)
            ours = median(speeds["oslet replay"])
            for label in jobs:
                speed = median(speeds[label])
                rows.append(
                    [label, customers, f"{speed / 1e6:.2f}", f"{ours / speed:.2f}",
                     f"{100 * median(errors[label]):+.2f}"])
        table(
            f"Playing M/M/1//N, think 10, hold 1, medians of {rounds}",
            ["simulator", "customers", "M events/s", "ours over it", "error %"], rows)
