"""simpy_repairman.py CUSTOMERS EVENTS [SEED]: the machine repairman in SimPy.

Prints seconds, events, throughput; the end of a think or of a hold is one event.
"""

import random
import sys
import time

import simpy

customers, budget = int(sys.argv[1]), int(sys.argv[2])
rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
environment = simpy.Environment()
lock = simpy.Resource(environment)
count = {"events": 0, "done": 0}
stop = environment.event()


def customer():
    while True:
        yield environment.timeout(rng.expovariate(0.1))
        with lock.request() as request:
            yield request
            yield environment.timeout(rng.expovariate(1))
        count["done"] += 1
        count["events"] += 2
        if count["events"] >= budget and not stop.triggered:
            stop.succeed()


start = time.perf_counter()
for _ in range(customers):
    environment.process(customer())
environment.run(until=stop)
print(time.perf_counter() - start, count["events"], count["done"] / environment.now)
