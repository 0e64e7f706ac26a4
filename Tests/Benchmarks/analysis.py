"""Reading recordings of one load: oslet analyze beside perf script and perf lock contention."""

import json
import os
import shutil
import subprocess
import tempfile

from capture import EVENTS, GROUPS, loads
from measure import median, run, table


def main(oslet, rounds):
    """Prints the table of reading speeds."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        load = loads(folder)["switch"]
        ours, theirs = os.path.join(folder, "oslet.data"), os.path.join(folder, "perf.data")
        run([oslet, "record", "--events", GROUPS, "-o", ours, "--"] + load)
        info = subprocess.run([oslet, "info", "-i", ours, "--json"], capture_output=True, check=True)
        events = {"ours": sum(json.loads(info.stdout)["events"]["by_type"].values())}
        jobs = {"oslet analyze --json": ([oslet, "analyze", "-i", ours, "--json"], "ours")}
        if shutil.which("perf"):
            run(["perf", "record", "-a", "-m", "8M", "-o", theirs]
                + [word for event in EVENTS for word in ("-e", event)] + ["--"] + load)
            lines = subprocess.run(
                f"perf script -i {theirs} 2>/dev/null | wc -l", shell=True, capture_output=True,
                check=True)
            events["perf"] = int(lines.stdout)
            jobs["perf script"] = (["perf", "script", "-i", theirs], "perf")
            jobs["perf lock contention"] = (["perf", "lock", "contention", "-i", theirs], "perf")
        rows = []
        for label, (command, source) in jobs.items():
            costs = [run(command) for _ in range(rounds)]
            seconds = median(cost.wall for cost in costs)
            rows.append(
                [label, events[source], f"{seconds:.2f}", f"{events[source] / seconds / 1e6:.2f}",
                 f"{median(cost.peak_mib for cost in costs):.0f}"])
        table(
            f"Reading a recording of stress-ng --switch, medians of {rounds}",
            ["reader", "events", "wall s", "M events/s", "peak MiB"], rows)
