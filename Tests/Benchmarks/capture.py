"""Recording beside perf, trace-cmd, bpftrace and a bare ring-buffer program: the same load, the same
events, interleaved rounds.

The load is a fixed number of operations, so that what a recorder takes shows as more CPU time of the
load (probe cost) and as its own. Ratios are to the median of three untraced runs of the same round,
whose own spread is the noise. A recorder's start (loading probes, reading symbols) is not counted,
its finish is. All files are in memory, all buffers 8 MiB a CPU.
"""

import os
import platform
import re
import shutil
import signal
import subprocess
import tempfile
import time

from measure import finish, median, run, start, table

HERE = os.path.dirname(os.path.abspath(__file__))
LOCK = ["lock:contention_begin", "lock:contention_end"]
EVENTS = LOCK + [
    "ipi:ipi_send_cpu", "ipi:ipi_send_cpumask", "csd:csd_queue_cpu", "csd:csd_function_entry",
    "csd:csd_function_exit", "irq_vectors:call_function_entry", "irq_vectors:call_function_exit",
    "irq_vectors:call_function_single_entry", "irq_vectors:call_function_single_exit",
    "irq_vectors:reschedule_entry", "irq_vectors:reschedule_exit", "tlb:tlb_flush",
    "sched:sched_switch", "sched:sched_wakeup",
]
GROUPS = "lock,ipi,csd,irq,tlb,switch,wakeup"


def loads(folder):
    """The loads, by name: a storm of task switches, and one of contended renames."""
    common = ["--temp-path", folder, "--quiet", "--timeout", "60"]
    return {
        "switch": ["stress-ng", "--switch", "4", "--switch-ops", "250000"] + common,
        "rename": ["stress-ng", "--rename", "4", "--rename-ops", "120000"] + common,
    }


def bare_ring(folder):
    """Compiles the bare program; None where something is missing."""
    sources = os.path.join(HERE, "BareRing")
    machine = platform.machine()
    target = {"x86_64": "x86", "aarch64": "arm64"}.get(machine, machine)
    probes, binary = os.path.join(folder, "bare.o"), os.path.join(folder, "bare")
    commands = [
        ["clang", "-target", "bpf", "-mcpu=v3", "-g", "-O2", f"-D__TARGET_ARCH_{target}",
         "-I" + os.path.join(HERE, "..", "..", "Probes"), "-idirafter",
         f"/usr/include/{machine}-linux-gnu", "-c", os.path.join(sources, "bare.bpf.c"),
         "-o", probes],
        ["cc", "-O2", os.path.join(sources, "bare.c"), "-o", binary, "-l:libbpf.a", "-l:libelf.a",
         "-l:libz.a"],
    ]
    for command in commands:
        if not shutil.which(command[0]) or subprocess.run(command, capture_output=True).returncode:
            return None
    return [binary, probes]


def count_trace_cmd(path):
    """Events in a trace.dat, which trace-cmd tells only by writing them all out."""
    lines = subprocess.run(
        f"trace-cmd report {path} 2>/dev/null | grep -c '^ '", shell=True, capture_output=True)
    return int(lines.stdout or 0)


def recorders(oslet, folder, bare, events):
    """(command, its events by its log or file, text or seconds that say it records) by label."""
    path = os.path.join(folder, "trace")
    def each(option):
        """Every change of address space raises a flush of its own (reason 0): no interrupt, left out."""
        return [
            word for event in events for word in ["-e", event] + (
                [option, "reason != 0"] if event == "tlb:tlb_flush" else [])]

    def said(pattern):
        def count(log):
            match = re.search(pattern, log)
            return int(match[1]) if match else 0
        return count

    groups = "lock" if events == LOCK else GROUPS
    found = {
        "oslet record": (
            [oslet, "record", "--events", groups, "-o", path], said(r"recorded (\d+) events"), 1.5),
    }
    if bare:
        only = ["lock"] if events == LOCK else []
        found["bare ring buffer"] = (
            bare + [path] + only, said(r"recorded (\d+) events"), "ready")
    if shutil.which("trace-cmd"):
        found["trace-cmd record"] = (
            [os.path.join(HERE, "trace_cmd.sh"), "record", "-b", "8192", "-o", path] + each("-f"),
            lambda _: count_trace_cmd(path), 2.5)
    if shutil.which("perf"):
        found["perf record"] = (
            ["perf", "record", "-a", "-m", "8M", "-o", path] + each("--filter"),
            said(r"\((\d+) samples\)"), 1.5)
    if shutil.which("bpftrace"):
        counts = " ".join(
            f"tracepoint:{event} "
            + ("/args->reason != 0/ " if event == "tlb:tlb_flush" else "")
            + "{ @[cpu] = count(); }" for event in events)
        found["bpftrace count()"] = (["bpftrace", "-e", counts], lambda _: 0, 3)
    return found, path


def until_ready(ready, log, limit=20):
    """Waits until a recorder records."""
    if not isinstance(ready, str):
        time.sleep(ready)
        return
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        with open(log, errors="replace") as text:
            if ready in text.read():
                return
        time.sleep(0.05)
    raise TimeoutError(f"no '{ready}' in {log}")


def own_seconds(process):
    """CPU seconds of a process's first thread so far (proc(5), schedstat)."""
    with open(f"/proc/{process.pid}/schedstat") as file:
        return int(file.read().split()[0]) / 1e9


def one(load, recorder, path):
    """One recorded run: wall and CPU seconds of the load, CPU of the recorder, events, bytes."""
    command, count, ready = recorder
    log = path + ".log"
    with open(log, "w") as text:
        tracer = start(command, stderr=text, stdout=text)
        until_ready(ready, log)
        before = own_seconds(tracer)
        cost = run(load)
        own = finish(tracer, signal.SIGINT).cpu - before
    with open(log, errors="replace") as text:
        events = count(text.read())
    size = os.path.getsize(path) if os.path.exists(path) else 0
    for name in os.listdir(os.path.dirname(path)):
        if name.startswith(os.path.basename(path)):
            os.unlink(os.path.join(os.path.dirname(path), name))
    return cost.wall, cost.cpu, own, events, size


def main(oslet, rounds):
    """Prints the tables of recording costs."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        bare = bare_ring(folder)
        for name, load in loads(folder).items():
            known, path = recorders(oslet, folder, bare, EVENTS if name == "switch" else LOCK)
            rows = {label: [] for label in ["untraced"] + list(known)}
            for turn in range(rounds):
                order = ["untraced"] * 3 + list(known)
                order = order[turn % len(order):] + order[:turn % len(order)]
                costs, base = {}, []
                for label in order:
                    if label == "untraced":
                        cost = run(load)
                        base.append((cost.wall, cost.cpu))
                    else:
                        try:
                            costs[label] = one(load, known[label], path)
                        except TimeoutError as error:
                            print(f"left out of round {turn + 1}: {error}")
                wall, cpu = median(b[0] for b in base), median(b[1] for b in base)
                rows["untraced"] += [(b[0] / wall, b[1] / cpu, 0, 0, 0) for b in base]
                for label, (its_wall, its_cpu, own, events, size) in costs.items():
                    extra = (its_cpu + own - cpu) * 1e9
                    rows[label].append(
                        (its_wall / wall, (its_cpu + own) / cpu, events,
                         extra / events if events else 0, size / events if events else 0))
            table(
                f"Recording stress-ng --{name}: ratio to untraced (median, least to most), "
                f"{rounds} rounds",
                ["recorder", "wall", "", "CPU", "", "events", "extra CPU ns/event", "bytes/event"],
                [[label] + [cell for column in (0, 1) for cell in (
                    f"{median(r[column] for r in runs):.2f}",
                    f"{min(r[column] for r in runs):.2f}-{max(r[column] for r in runs):.2f}")]
                 + [f"{median(r[2] for r in runs):.0f}", f"{median(r[3] for r in runs):.0f}",
                    f"{median(r[4] for r in runs):.1f}"]
                 for label, runs in rows.items() if runs])
