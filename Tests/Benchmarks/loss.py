"""What is lost at default settings under a minute of task switches and contended renames, all events on."""

import os
import re
import subprocess
import tempfile

from measure import table

SECONDS = 60


def main(oslet, _):
    """Prints what one recording of a minute recorded and lost."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        path = os.path.join(folder, "trace")
        done = subprocess.run(
            [oslet, "record", "-o", path, "--", "stress-ng", "--quiet", "--switch", "4", "--rename",
             "4", "--open", "4", "--temp-path", folder, "--timeout", str(SECONDS)],
            capture_output=True, text=True, check=True, cwd=folder)
        said = re.search(
            r"recorded (\d+) events in ([\d.]+) s.*lost (\d+), suppressed (\d+)", done.stderr)
        if not said:
            print(f"\nLoss: not measured: {done.stderr.strip()}")
            return
        size = os.path.getsize(path)
    events, seconds = int(said[1]), float(said[2])
    table(
        f"Recording stress-ng --switch 4 --rename 4 --open 4 for {SECONDS} s, all events",
        ["figure", "value"],
        [["events", events], ["events/s", f"{events / seconds:.0f}"], ["lost", said[3]],
         ["suppressed", said[4]], ["bytes/event", f"{size / events:.2f}"]])
