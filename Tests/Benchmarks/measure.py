"""Runs commands and says what they cost: wall and CPU seconds, peak memory, by wait4(2)."""

import os
import signal
import statistics
import subprocess
import time


class Cost:
    """What one finished process cost, its waited-for children included."""

    def __init__(self, wall, usage):
        self.wall = wall
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak_mib = usage.ru_maxrss / 1024


def start(arguments, **how):
    """Starts a command with its output thrown away unless told otherwise."""
    how.setdefault("stdout", subprocess.DEVNULL)
    how.setdefault("stderr", subprocess.DEVNULL)
    process = subprocess.Popen(arguments, **how)
    process.started = time.monotonic()
    return process


def finish(process, stop=None, limit=120):
    """Ends a command (with the signal `stop` where given), waits, and gives its cost."""
    if stop:
        os.kill(process.pid, stop)
    deadline = time.monotonic() + limit
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return Cost(time.monotonic() - process.started, usage)
        if time.monotonic() > deadline:
            os.kill(process.pid, signal.SIGKILL)
            raise TimeoutError(f"{process.args[0]} ran longer than {limit} s")
        time.sleep(0.002)


def run(arguments, **how):
    """Runs a command to its end and gives its cost."""
    return finish(start(arguments, **how))


def median(numbers):
    """The median, or nan for no numbers."""
    numbers = list(numbers)
    return statistics.median(numbers) if numbers else float("nan")


def table(title, columns, rows):
    """Prints a table in plain text, first column left, the others right."""
    widths = [max(len(str(row[i])) for row in [columns] + rows) for i in range(len(columns))]
    print(f"\n{title}")
    for row in [columns] + rows:
        cells = [str(row[0]).ljust(widths[0])]
        cells += [str(cell).rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  " + "  ".join(cells))
