import Measures
import Replay
import Workloads

// replay-speed CUSTOMERS EVENTS [SEED]: the machine repairman on the replay engine; prints seconds,
// events, and throughput per mean hold time, as the peers beside it do.
let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard arguments.count >= 2, arguments[0] >= 1, arguments[1] >= 1_000 else {
  print("usage: replay-speed CUSTOMERS EVENTS [SEED]")
  throw WorkloadError.range("two numbers: customers, and at least 1000 events")
}
let customers = arguments[0]
let workload = Workload(
  name: "repairman", recordedCPUs: 1,
  classes: [LockClass(name: "a", kind: .spinlock, scope: .image)],
  tasks: [
    TaskGroup(
      name: "customer", count: customers,
      loop: [
        .run(.exponential(mean: Nanoseconds(10))),
        .acquire(Acquisition("a", hold: .exponential(mean: Nanoseconds(1)))),
      ])
  ])
let machine = Machine(
  name: "flat", topology: Topology(sockets: 1, coresPerIsland: customers),
  lineTransfer: .levels(smt: .zero, island: .zero, socket: .zero, cross: .zero),
  interrupt: InterruptCost(send: .zero, deliver: .zero, acknowledge: .zero),
  message: MessageCost(polled: .zero, notified: .zero))
let scenario = try Scenario(
  workload: workload, machine: machine, layout: .one, cpus: customers, load: .fixed)
// Two replications, one after the other, and no more.
let precision = Precision(
  relativeHalfWidth: .infinity, replications: 2, events: arguments[1] / 2, eventsPerCPU: 0,
  maximumEvents: 0)
let replayer = Replayer(
  seed: UInt64(arguments.count > 2 ? arguments[2] : 1), precision: precision, threads: 1)
let clock = ContinuousClock()
let start = clock.now
let point = await replayer.point(scenario)
let seconds = (clock.now - start) / .seconds(1)
print(seconds, arguments[1], point.throughputPerSecond.value / 1e9)
