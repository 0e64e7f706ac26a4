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


class QueuedLock:
    """One owner; `choose` names the next of the waiters at a release."""

    def __init__(self, env, choose):
        self.env, self.choose, self.owner, self.last, self.waiting = env, choose, None, None, []

    def acquire(self, cpu):
        event = self.env.event()
        if self.owner is None:
            self.owner = cpu
            event.succeed(0)
        else:
            self.waiting.append((cpu, event))
        return event

    def release(self):
        """The next owner learns how many waited when it was chosen, itself included."""
        self.last, self.owner = self.owner, None
        if self.waiting:
            present = len(self.waiting)
            chosen = self.choose(self)
            self.waiting.remove(chosen)
            self.owner = chosen[0]
            chosen[1].succeed(present)


class CompactNUMAQueue:
    """Dice and Kogan's rule: the first waiter of the releaser's socket; those before it step aside, and
    come first again when the socket has nobody left or has had the lock for a threshold."""

    def __init__(self, socket_of, threshold):
        self.socket_of, self.threshold, self.since, self.aside = socket_of, threshold, 0, []

    def __call__(self, lock):
        main = [waiter for waiter in lock.waiting if waiter not in self.aside]
        socket = self.socket_of(lock.last)
        if lock.env.now - self.since < self.threshold:
            for place, waiter in enumerate(main):
                if self.socket_of(waiter[0]) == socket:
                    self.aside += main[:place]
                    return waiter
        self.since = lock.env.now
        first = (self.aside + main)[0]
        # What stepped aside is in front of the rest again.
        lock.waiting = self.aside + main
        self.aside = []
        return first


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

    elif model in ("ticket", "numa-hand-over"):
        # Eight CPUs on two sockets; two lines move, 50 ns within and 150 across.
        def socket_of(cpu):
            return cpu // (customers // 2)

        def distance(one, other):
            if one is None or one == other:
                return 0
            return 50 if socket_of(one) == socket_of(other) else 150

        is_ticket = model == "ticket"
        order = (lambda lock: lock.waiting[0]) if is_ticket else CompactNUMAQueue(socket_of, 20000)
        lock = QueuedLock(env, order)

        def turn_of(cpu):
            yield exponential(4000)
            present = yield lock.acquire(cpu)
            away = distance(lock.last, cpu)
            storm = away * (present - 1) / 2 if is_ticket and present else 0
            yield env.timeout(2 * away + storm)
            yield exponential(700)
            lock.release()

    elif model == "sleeping-hand-off":
        # The lock is handed to a sleeper, whose idle CPU takes 2 us to run it; waking costs 600 ns.
        lock = QueuedLock(env, lambda lock: lock.waiting[0])

        def turn_of(cpu):
            yield exponential(10000)
            if (yield lock.acquire(cpu)):
                yield env.timeout(2000)
            yield exponential(1000)
            wakes = bool(lock.waiting)
            lock.release()
            if wakes:
                yield env.timeout(600)

    else:
        raise SystemExit("no model " + model)

    def task(cpu):
        while True:
            if model in ("moving-line", "ticket", "numa-hand-over", "sleeping-hand-off"):
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
