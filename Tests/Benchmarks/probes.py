"""Net cost of one contention probe: our log beside a BPF ring buffer, over an empty program.

All programs run on the same tracepoint in the same run; the kernel's BPF statistics time them.
"""

import json
import os
import subprocess

from measure import median, table

HERE = os.path.dirname(os.path.abspath(__file__))


def main(_, rounds):
    """Prints the table of probe costs."""
    runs = []
    for _ in range(rounds):
        done = subprocess.run(
            [os.path.join(HERE, "ProbeCost", "run.sh"), "3"], capture_output=True, text=True)
        if done.returncode:
            print(f"\nProbe costs: not measured: {done.stderr.strip()}")
            return
        runs.append(json.loads(done.stdout))
    names = [name for name, value in runs[0].items() if isinstance(value, (int, float))]
    table(
        f"Probe cost, medians of {rounds} runs",
        ["figure", "value"],
        [[name, f"{median(run[name] for run in runs):.1f}"] for name in names])
