"""Recording beside perf, trace-cmd and bpftrace: the same load, the same events, interleaved rounds.

The load is a fixed number of operations, so that what a recorder takes shows as more CPU time of the
load (probe cost) and as its own. Ratios are to the untraced runs of the same round.
"""

import os
import re
import shutil
import signal
import tempfile
import time

from measure import finish, median, run, start, table

EVENTS = [
    "lock:contention_begin", "lock:contention_end", "ipi:ipi_send_cpu", "csd:csd_queue_cpu",
    "csd:csd_function_entry", "csd:csd_function_exit", "irq_vectors:call_function_single_entry",
    "irq_vectors:call_function_single_exit", "irq_vectors:reschedule_entry",
    "irq_vectors:reschedule_exit", "tlb:tlb_flush", "sched:sched_switch", "sched:sched_wakeup",
]
GROUPS = "lock,ipi,csd,irq,tlb,switch,wakeup"


def loads(folder):
    """The loads, by name: a storm of task switches, and one of contended renames."""
    common = ["--temp-path", folder, "--quiet", "--timeout", "60"]
    return {
        "switch": ["stress-ng", "--switch", "4", "--switch-ops", "400000"] + common,
        "rename": ["stress-ng", "--rename", "4", "--rename-ops", "400000"] + common,
    }


def recorders(oslet, folder):
    """(command, how to count its events, its file) of every recorder that is installed."""
    path = os.path.join(folder, "trace")
    found = {
        "oslet record": (
            [oslet, "record", "--events", GROUPS, "-o", path], r"recorded (\d+) events"),
    }
    if shutil.which("perf"):
        found["perf record"] = (
            ["perf", "record", "-a", "-m", "8M", "-o", path]
            + [word for event in EVENTS for word in ("-e", event)], r"\((\d+) samples\)")
    if shutil.which("bpftrace"):
        counts = " ".join(
            f"tracepoint:{event} {{ @[cpu] = count(); }}" for event in EVENTS)
        found["bpftrace count()"] = (["bpftrace", "-e", counts], None)
    return found, path


def one(load, recorder, pattern, path):
    """One run: costs of load and recorder, events recorded, bytes written."""
    if recorder is None:
        return run(load), None, 0, 0
    log = open(path + ".log", "w+")
    tracer = start(recorder, stderr=log, stdout=log)
    time.sleep(1.5)
    cost = run(load)
    own = finish(tracer, signal.SIGINT)
    log.seek(0)
    match = re.search(pattern, log.read()) if pattern else None
    size = os.path.getsize(path) if os.path.exists(path) else 0
    for name in (path, path + ".old"):
        if os.path.exists(name):
            os.unlink(name)
    return cost, own, int(match[1]) if match else 0, size


def main(oslet, rounds):
    """Prints the table of recording costs."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        known, path = recorders(oslet, folder)
        for name, load in loads(folder).items():
            rows = {label: [] for label in ["untraced"] + list(known)}
            for _ in range(rounds):
                base = [one(load, None, None, path)[0] for _ in range(2)]
                wall, cpu = median(b.wall for b in base), median(b.cpu for b in base)
                rows["untraced"].append((base[1].wall / wall, base[1].cpu / cpu, 0, 0, 0))
                for label, (command, pattern) in known.items():
                    cost, own, events, size = one(load, command, pattern, path)
                    extra = (cost.cpu + own.cpu - cpu) * 1e9
                    rows[label].append(
                        (cost.wall / wall, (cost.cpu + own.cpu) / cpu, events,
                         extra / events if events else 0, size / events if events else 0))
            table(
                f"Recording stress-ng --{name}: ratio to untraced, medians of {rounds} rounds",
                ["recorder", "wall", "CPU", "events", "extra CPU ns/event", "bytes/event"],
                [[label] + [f"{median(r[0] for r in runs):.2f}", f"{median(r[1] for r in runs):.2f}",
                            f"{median(r[2] for r in runs):.0f}", f"{median(r[3] for r in runs):.0f}",
                            f"{median(r[4] for r in runs):.1f}"]
                 for label, runs in rows.items()])
