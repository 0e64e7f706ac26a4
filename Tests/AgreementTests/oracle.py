#!/usr/bin/env python3
"""Plays the models of AgreementTests with SimPy, without a line of OSlet.

    oracle.py MODEL CUSTOMERS EVENTS SEED...

prints the turns per nanosecond of each seed. All times are in nanoseconds.
"""
import random
import sys

import simpy


class FairRWLock:
    """Readers together, writers alone, waiters first in first out."""

    def __init__(self, env):
        self.env, self.readers, self.writer, self.waiting = env, 0, False, []

    def admit(self):
        while self.waiting:
            write, event = self.waiting[0]
            if self.writer or (write and self.readers):
                return
            self.waiting.pop(0)
            if write:
                self.writer = True
            else:
                self.readers += 1
            event.succeed()

    def acquire(self, write):
        event = self.env.event()
        self.waiting.append((write, event))
        self.admit()
        return event

    def release(self, write):
        if write:
            self.writer = False
        else:
            self.readers -= 1
        self.admit()


class RandomOrderLock:
    """One owner; a release picks any of the waiters."""

    def __init__(self, env, rng):
        self.env, self.rng, self.owned, self.waiting = env, rng, False, []

    def acquire(self):
        event = self.env.event()
        if self.owned:
            self.waiting.append(event)
        else:
            self.owned = True
            event.succeed()
        return event

    def release(self):
        if self.waiting:
            self.waiting.pop(self.rng.randrange(len(self.waiting))).succeed()
        else:
            self.owned = False


def play(model, customers, events, seed):
    rng = random.Random(seed)
    env = simpy.Environment()
    turns = [0]

    def exponential(mean):
        return env.timeout(rng.expovariate(1.0 / mean))

    def hold(resource, time):
        with resource.request() as request:
            yield request
            yield time()

    if model == "constant-hold":
        lock = simpy.Resource(env)

        def turn():
            yield exponential(10000)
            yield from hold(lock, lambda: env.timeout(1000))

    elif model == "nested":
        outer, inner = simpy.Resource(env), [simpy.Resource(env) for _ in range(2)]

        def turn():
            yield exponential(10000)
            with outer.request() as request:
                yield request
                yield exponential(500)
                yield from hold(inner[rng.randrange(2)], lambda: exponential(700))
            yield exponential(3000)
            yield from hold(inner[rng.randrange(2)], lambda: exponential(700))

    elif model == "readers-writers":
        lock = FairRWLock(env)

        def turn():
            for write in (False, False, False, True):
                yield exponential(5000)
                yield lock.acquire(write)
                yield exponential(1000)
                lock.release(write)

    elif model == "random-order":
        lock = RandomOrderLock(env, rng)

        def turn():
            yield exponential(10000)
            yield lock.acquire()
            yield env.timeout(rng.lognormvariate(6.561182689, 0.8325546112))
            lock.release()

    elif model == "service":
        # Two CPUs serve requests of 400 ns round trip; the lock itself is one of four, by turn.
        cpus = simpy.Resource(env, capacity=2)
        line = 100

        def turn():
            yield exponential(4000)
            yield env.timeout(line)
            with cpus.request() as request:
                yield request
                yield env.timeout(line)
                yield exponential(1000)
                yield env.timeout(line)
            yield env.timeout(line)

    elif model == "moving-line":
        # Eight CPUs on two sockets; three lines move with the lock, 50 ns within and 150 across.
        lock, last = simpy.Resource(env), [None]

        def turn_of(cpu):
            yield exponential(4000)
            with lock.request() as request:
                yield request
                if last[0] is not None and last[0] != cpu:
                    same = last[0] // (customers // 2) == cpu // (customers // 2)
                    yield env.timeout(3 * (50 if same else 150))
                last[0] = cpu
                yield exponential(500)

    else:
        raise SystemExit("no model " + model)

    def task(cpu):
        while True:
            if model == "moving-line":
                yield from turn_of(cpu)
            else:
                yield from turn()
            turns[0] += 1

    for cpu in range(customers):
        env.process(task(cpu))
    # A quarter of the events is warm-up.
    for _ in range(events // 4):
        env.step()
    start, before = env.now, turns[0]
    for _ in range(events - events // 4):
        env.step()
    return (turns[0] - before) / (env.now - start)


if __name__ == "__main__":
    for seed in sys.argv[4:]:
        print(repr(play(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(seed))))
