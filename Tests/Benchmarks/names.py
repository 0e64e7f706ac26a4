"""How much of what is recorded has a name: ten loads at once, the share of the wait whose lock class is
called by more than an address, and the share of contentions with a caller."""

import json
import os
import re
import subprocess
import tempfile

from measure import median, run, table

LOADS = ["rename", "open", "dentry", "futex", "mmap", "fork", "pipe", "sock", "pthread", "tlb-shootdown"]
SECONDS = 10


def shares(document):
    """Share of wait named, of contentions with a caller, and the classes by wait, most first."""
    classes = document["classes"]
    wait = sum(row["wait_ns"]["total"] for row in classes)
    contentions = sum(row["contentions"] for row in classes)
    # An offset in an object is no name, nor is a kind that no stack was taken of.
    nameless = re.compile(r"0x[0-9a-f]+|, unsampled")
    named = sum(row["wait_ns"]["total"] for row in classes if not nameless.search(row["name"]))
    called = sum(
        caller["contentions"] for row in classes for caller in row["callers"]
        if not re.match(r"0x|\[", caller["symbol"]))
    return named / wait, called / contentions, classes, wait


def main(oslet, rounds):
    """Prints the shares and the ten classes with most wait."""
    results = []
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        trace = os.path.join(folder, "trace")
        load = ["stress-ng", "--quiet", "--temp-path", folder, "--timeout", str(SECONDS)]
        for name in LOADS:
            load += [f"--{name}", "2"]
        for _ in range(rounds):
            run([oslet, "record", "-o", trace, "--"] + load)
            done = subprocess.run(
                [oslet, "analyze", "-i", trace, "--json"], capture_output=True, check=True)
            results.append(shares(json.loads(done.stdout)))
    table(
        f"Names in a mix of {', '.join(LOADS)}: medians of {rounds}", ["figure", "share"],
        [["wait whose class has a name", f"{100 * median(r[0] for r in results):.2f} %"],
         ["contentions with a caller", f"{100 * median(r[1] for r in results):.2f} %"]])
    _, _, classes, wait = results[-1]
    classes = sorted(classes, key=lambda row: -row["wait_ns"]["total"])[:10]
    table(
        "Classes with most wait in the last of them", ["class", "kind", "contentions", "wait"],
        [[row["name"], row["kind"], row["contentions"],
          f"{100 * row['wait_ns']['total'] / wait:.2f} %"] for row in classes])
