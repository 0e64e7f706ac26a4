"""Runs a command with no signal blocked. Threads that run Swift tests block some, SIGCHLD among them, and
their children inherit that: perf record would wait for its own child for ever, and stress-ng would
neither see its alarm nor be asked to end."""

import os
import signal
import sys

signal.pthread_sigmask(signal.SIG_SETMASK, [])
os.execvp(sys.argv[1], sys.argv[1:])
