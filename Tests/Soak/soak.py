"""make soak: records a mixed load for half an hour and holds three things: the recorder's memory stays
flat, nothing is lost, and the kernel says nothing.

Usage: soak.py OSLET [--minutes N] [--folder DIR]. Needs root and stress-ng.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

# Some of everything, with room for others on two CPUs.
LOAD = ["stress-ng", "--quiet", "--rename", "1", "--switch", "1", "--switch-freq", "20000", "--futex", "1",
        "--fork", "1", "--cpu", "1", "--cpu-load", "20"]
# Of the kernel's messages these speak of what user programs did, other work on the machine included.
USER = re.compile(r"traps: |Lockdown: |segfault at |Code: |potentially unexpected fatal signal|audit: |oom_score")


def resident_mib(pid):
    """A process's resident memory, MiB."""
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1]) / 1024


def messages():
    """The kernel's messages so far."""
    done = subprocess.run(["dmesg"], capture_output=True, text=True, errors="replace")
    return done.stdout.splitlines()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("oslet", help="the tool, built for release")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--folder", default="/dev/shm", help="where the trace goes")
    chosen = parser.parse_args()
    seconds = chosen.minutes * 60
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        before = set(messages())
        log = open(os.path.join(folder, "log"), "w+")
        recorder = subprocess.Popen(
            [chosen.oslet, "record", "-o", os.path.join(folder, "trace"), "--"]
            + LOAD + ["--temp-path", folder, "--timeout", f"{seconds:.0f}"],
            stdout=log, stderr=log)
        start, samples = time.monotonic(), []
        while recorder.poll() is None:
            time.sleep(min(10, seconds / 60))
            try:
                samples.append((time.monotonic() - start, resident_mib(recorder.pid)))
            except (OSError, TypeError):
                break  # it ended meanwhile
        recorder.wait()
        log.seek(0)
        said = log.read()
        size = os.path.getsize(os.path.join(folder, "trace"))
    fresh = [line for line in messages() if line not in before and not USER.search(line)]
    # What starts with the load (stacks and names new to it) has settled after a sixth.
    settled = [mib for at, mib in samples if at > seconds / 6] or [mib for _, mib in samples]
    third = max(1, len(settled) // 3)
    early, late = max(settled[:third]), max(settled[-third:])
    recorded = re.search(r"recorded (\d+) events.*lost (\d+), suppressed (\d+)", said)
    print(f"{chosen.minutes:g} minutes, {len(samples)} samples; exit status {recorder.returncode}")
    print(said.strip().splitlines()[-1] if said.strip() else "the recorder said nothing")
    print(f"resident memory: {early:.1f} MiB at most in the first third, {late:.1f} in the last")
    if recorded:
        print(f"{size / int(recorded[1]):.2f} bytes an event on disk")
    print(f"kernel messages: {len(fresh)}" + "".join("\n  " + line for line in fresh))
    flat = late <= early * 1.05 + 1
    whole = recorder.returncode == 0 and recorded and int(recorded[2]) == 0
    return 0 if flat and whole and not fresh else 1


if __name__ == "__main__":
    sys.exit(main())
