"""Records loads on two CPUs and on one, replays the two-CPU recordings at both sizes, and prints
what was measured beside what was replayed as docs/backtest.md.

    backtest.py OSLET FOLDER...

Needs root, two CPUs or more, gcc, stress-ng and perf. Every folder keeps one set of recordings and the
costs of the machine at that time, and is best on tmpfs; a recording that is there already is not taken again, so that a changed analysis can be held
against old recordings. Every load is recorded ahead of all other tasks of the machine (nice, and
autogroup where the kernel has it), twice on two CPUs and twice confined to one by taskset, in turn;
of each pair the take with least CPU time of other tasks counts. Progress is what the kernel counted
of the load's own system calls.
"""

import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 3
TAKES = 2
# Contentions behind a mean wait that is compared: fewer say it to no better than a seventh.
FEWEST = 50

# name, command ("load" is load.c), the tasks that are the load's own, what it does
LOADS = [
    ("getppid", "load getppid 2 {s} 500", "load", "a system call without a lock"),
    ("dup", "load dup 2 {s} 500", "load", "descriptors of one process: `file_lock`"),
    ("dup-4", "load dup 4 {s} 500", "load", "the same, 4 threads"),
    ("wake", "load wake 2 {s} 500", "load", "futex wakes with nobody asleep"),
    ("fault", "load fault 2 {s} 500", "load", "pages freed and faulted in: shootdowns"),
    ("mmap", "load mmap 2 {s} 500", "load", "mappings made, touched, removed: `mmap_lock`"),
    ("mprotect", "load mprotect 2 {s} 500", "load", "protection changed: shootdowns under `mmap_lock`"),
    ("futex", "load futex 2 {s} 500", "load", "one mutex of user space"),
    ("write", "load write 2 {s} 500", "load", "one file written: the inode's rwsem"),
    ("create", "load create 2 {s} 500", "load", "names in one directory: its rwsem"),
    ("futex-hash", "load hash 8 {s}", "load", "futexes of one hash table"),
    ("lock-pi", "load pi 4 {s} 500", "load", "futexes that lend priority"),
    ("messaging", "perf bench sched messaging -g 4 -l 400", "perf sched-messaging", "groups talking over sockets"),
    ("pipe", "perf bench sched pipe -l 100000", "perf sched-pipe", "two tasks waking each other"),
    ("rename", "stress-ng --rename 4 --open 4 --timeout {s} --temp-path /dev/shm --quiet", "stress-ng", "names moved and opened"),
    ("dentry", "stress-ng --dentry 4 --timeout {s} --temp-path /dev/shm --quiet", "stress-ng", "names created and dropped"),
    ("map-pages", "stress-ng --mmap 2 --mmap-bytes 16M --timeout {s} --quiet", "stress-ng", "mappings of processes of their own"),
    ("mq", "stress-ng --mq 2 --timeout {s} --quiet", "stress-ng", "POSIX message queues"),
    ("msg", "stress-ng --msg 2 --timeout {s} --quiet", "stress-ng", "System V message queues"),
    ("sem", "stress-ng --sem-sysv 2 --timeout {s} --quiet", "stress-ng", "System V semaphores"),
]


def run(*command, check=True):
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if check and done.returncode not in (0, 5):
        sys.exit(f"{' '.join(command)}: {done.returncode}\n{done.stderr}")
    return done


def ahead(*command):
    """Runs a command ahead of everything else on the machine."""
    script = 'echo -20 >/proc/self/autogroup 2>/dev/null; exec nice -n -20 "$@"'
    return run("setsid", "-w", "sh", "-c", script, "sh", *command)


def analysis(oslet, trace, own):
    """Progress of the load's own tasks per second, CPUs that other tasks kept busy, and each class's
    total wait."""
    findings = json.loads(run(oslet, "analyze", "-i", trace, "--json").stdout)
    tasks = [a for a in findings["activity"] if not a["is_recorder"]]
    mine = [a for a in tasks if is_own(a["name"], own)]
    others = [a for a in tasks if not is_own(a["name"], own)]
    return {
        "trace": trace, "progress": sum(a["system_calls_per_s"] for a in mine),
        "others_cpus": sum(a["cpus"] for a in others),
        "waits": {c["name"]: c["wait_ns"]["total"] for c in findings["classes"]
                  if c["contentions"] >= FEWEST},
    }


def is_own(name, own):
    return any(name.startswith(prefix) for prefix in own.split())


def record(oslet, work, name, command):
    """The traces of one load: two CPUs and one, each the take with least foreign CPU time."""
    words = command.format(s=SECONDS).split()
    if words[0] == "load":
        words[0] = f"{work}/load"
    for take in range(TAKES):
        for cpus, confined in ((2, []), (1, ["taskset", "-c", "0"])):
            trace = f"{work}/{name}.{cpus}.{take}"
            if not os.path.exists(trace):
                ahead(oslet, "record", "-o", trace, "--", *confined, *words)


def judge(oslet, work, name, own):
    best = {}
    for cpus in (2, 1):
        takes = [analysis(oslet, f"{work}/{name}.{cpus}.{take}", own) for take in range(TAKES)]
        best[cpus] = min(takes, key=lambda take: take["others_cpus"])
    machine = ["--machine", f"{work}/machine.json", "--load", "fixed", "--json", "--force"]
    trace = best[2]["trace"]
    backtest = json.loads(
        run(oslet, "predict", "-i", trace, "--cpus", "2", *machine).stdout)["backtest"]
    alone = f"{work}/{name}.alone.json"
    run(oslet, "analyze", "-i", trace, "--workload-out", alone, *machine[:2])
    leave_alone(alone, own)
    points = json.loads(
        run(oslet, "predict", "--workload", alone, "--cpus", "1", *machine).stdout)["points"]
    one = points[0]["throughput_per_s"]["value"]
    classes = [row for row in backtest["classes"] if row["name"] in best[2]["waits"]]
    errors = [(best[2]["waits"][row["name"]], abs(row["predicted_ns"] / row["measured_ns"] - 1))
              for row in classes]
    weight = sum(share for share, _ in errors)
    return {
        "name": name, "others": (best[2]["others_cpus"], best[1]["others_cpus"]),
        "two": best[2]["progress"], "one": best[1]["progress"],
        "two_error": backtest["throughput_relative_error"],
        "one_error": one / best[1]["progress"] - 1,
        "wait_error": sum(share * error for share, error in errors) / weight if weight else None,
        "classes": classes,
    }


def leave_alone(path, own):
    """Takes the tasks of others out of a workload: beside a confined load they have the other CPU."""
    with open(path) as file:
        workload = json.load(file)
    workload["tasks"] = [t for t in workload["tasks"] if is_own(t["name"], own)]
    workload.pop("measured", None)
    names = {task["name"] for task in workload["tasks"]}
    for task in workload["tasks"]:
        task["loop"] = [step for step in task["loop"] if step.get("wake", task["name"]) in names]
    workload.pop("edges", None)
    with open(path, "w") as file:
        json.dump(workload, file)


def percent(value, signed=True):
    return "-" if value is None else f"{100 * value:+.0f} %" if signed else f"{100 * value:.0f} %"


def main():
    oslet, folders = sys.argv[1], sys.argv[2:]
    sets = []
    for work in folders:
        os.makedirs(work, exist_ok=True)
        run("gcc", "-O2", "-Wall", "-pthread", f"{HERE}/load.c", "-o", f"{work}/load")
        if not os.path.exists(f"{work}/machine.json"):
            ahead(oslet, "calibrate", "-o", f"{work}/machine.json")
        for number, (name, command, _, _) in enumerate(LOADS):
            print(f"recording {name}, {number + 1} of {len(LOADS)}", file=sys.stderr)
            record(oslet, work, name, command)
        with open(f"{work}/machine.json") as file:
            machine = json.load(file)
        sets.append((machine, [judge(oslet, work, name, own) for name, _, own, _ in LOADS]))
    print(document(sets))


GOALS = {"two_error": 0.10, "wait_error": 0.15, "one_error": 0.15}


def medians(rows):
    return {
        key: statistics.median(abs(row[key]) for row in rows if row[key] is not None) for key in GOALS
    }


def by_class(rows):
    """The median error of a class's mean wait, percent, and of how many classes."""
    errors = [abs(c["predicted_ns"] / c["measured_ns"] - 1) for row in rows for c in row["classes"]]
    return 100 * statistics.median(errors), len(errors)


def document(sets):
    with open(f"{HERE}/limits.md") as file:
        limits = file.read().rstrip()
    lines = [
        "# Back-test: recorded loads against their replay",
        "",
        "Written by `make backtest`, which records every load below on this machine, twice on two CPUs "
        "and twice confined to one, and replays the two-CPU recording at both sizes. Nothing of a "
        "one-CPU run goes into its prediction.",
        "",
        f"Machine: two CPUs of a guest of KVM, kernel {os.uname().release.split('-')[0]}. Loads ran ahead of "
        "all other programs, and of two takes the one with less foreign CPU time counts. The "
        "last column says how many CPUs others kept busy during the two takes used: a load that leaves "
        "a CPU idle leaves it to them.",
        "",
        "* **Progress** is the system calls of the load's own tasks per second. *2 CPUs*: error of the "
        "replay at the recorded size. *1 CPU*: error of what the two-CPU recording, replayed on one "
        "CPU with the tasks of others taken out, predicts for the confined run.",
        "* **Wait** is the mean wait per contention on two CPUs: the error of each class that the "
        f"workload plays and that was met {FEWEST} times or more, weighted by its share of the recorded "
        "wait. Waits in which the recorder walked a stack are left out. `-`: there is none.",
        "* **By class** is the same class by class, of all loads, without weights.",
        "* **Scales** is measured progress on two CPUs over that on one: below 1 the second CPU loses.",
        "",
        "| median error | loads | a line moves in | 2 CPUs, progress | 2 CPUs, wait | 1 CPU, progress "
        "| 2 CPUs, wait by class |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for number, (machine, rows) in enumerate(sets):
        median = medians(rows)
        lines.append(
            f"| set {number + 1} | {len(rows)} | {machine['line_transfer_ns']['island']:.0f} ns | "
            + " | ".join(f"{100 * median[key]:.1f} %" for key in GOALS)
            + " | {:.1f} % of {} |".format(*by_class(rows)))
    lines.append(
        "| goal | 12 | | " + " | ".join(f"{100 * g:.0f} %" for g in GOALS.values()) + " | 15 % |")
    for number, (machine, rows) in enumerate(sets):
        lines += table(number + 1, rows)
    lines += ["", limits, "", "## The loads", "", "`load` is Tests/Backtest/load.c.", "", "```"]
    lines += [f"{name:12} {command.format(s=SECONDS)}" for name, command, _, _ in LOADS]
    return "\n".join(lines + ["```"])


def table(number, rows):
    about = {name: text for name, _, _, text in LOADS}
    within = [
        f"{sum(abs(r[k]) <= goal for r in rows if r[k] is not None)} of "
        f"{sum(r[k] is not None for r in rows)}" for k, goal in GOALS.items()]
    lines = [
        "",
        f"## Set {number}",
        "",
        "| load | what it does | scales | 2 CPUs, progress | 2 CPUs, wait | 1 CPU, progress | others, CPUs |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        lines.append(
            f"| {row['name']} | {about[row['name']]} | {row['two'] / row['one']:.2f} "
            f"| {percent(row['two_error'])} | {percent(row['wait_error'], False)} "
            f"| {percent(row['one_error'])} | {row['others'][0]:.2f}, {row['others'][1]:.2f} |")
    lines += [
        f"| within the goal | | | {' | '.join(within)} | |",
        "",
        "Mean wait per contention on two CPUs, of the class of each load that waits most:",
        "",
        "| load | class | measured, ns | replayed, ns |",
        "| --- | --- | --- | --- |",
    ]
    for row in rows:
        for entry in row["classes"][:1]:
            lines.append(f"| {row['name']} | {entry['name']} | {entry['measured_ns']:,.0f} "
                         f"| {entry['predicted_ns']:,.0f} |")
    return lines


if __name__ == "__main__":
    main()
