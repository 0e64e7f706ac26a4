import Measures
import Queueing
import Replay
import Testing
import Workloads

/// Objections of the 2001 to 2003 threads that an engine has to be able to answer; docs/layouts.md lists
/// all of them with their test or report line.
@Suite("Objections")
struct ObjectionTests {
  typealias Hand = SharingPolicyTests

  static func points(
    _ workload: Workload, _ layout: String, cpus: Int, machine: Machine = Hand.machine,
    events: Int = 20_000
  ) async throws -> [PredictionPoint] {
    let scenario = try Scenario(
      workload: workload, machine: machine, layout: Layout(layout), cpus: cpus, load: .fixed)
    let precision = Precision(
      replications: 2, events: events, eventsPerCPU: 0, maximumEvents: 2 * events)
    return [
      await Replayer(seed: 6, precision: precision).point(scenario),
      ClosedFormEngine().point(scenario),
    ]
  }

  /// Russell, LKML 2001-12-06: dcache_lock on a 4-way lost to line transfers with nobody waiting.
  @Test("a lock that nobody waits for still costs the lines that its previous owner dirtied")
  func transfersWithoutWaiting() async throws {
    let workload = Hand.workload(tasks: 4, think: 400_000, constant: false, lines: 8)
    for point in try await Self.points(workload, "one", cpus: 4) {
      // Three of four times the previous owner was another CPU: 8 lines of 50 ns.
      let expected = 0.75 * 8 * Hand.line / (400_000 + Hand.hold + 0.75 * 8 * Hand.line)
      #expect(abs(point.cpuShare.lineTransfer / expected - 1) < 0.1, "\(point.cpuShare)")
      #expect(point.cpuShare.lockWait < 0.01 && point.classes[0].utilization < 0.02)
    }
  }

  /// Van Riel and Libenzi, LKML 2001-12-06: read-mostly data needs neither locks nor partitions.
  @Test("readers without a lock do N / (think + hold); with one its counter's line serialises them")
  func readMostly() async throws {
    var workload = Hand.workload(tasks: 64, constant: false, lines: 1)
    workload.classes[0].kind = .rwlock
    workload.classes[0].mode = .read
    let locked = try await Self.points(workload, "one", cpus: 64)
    let lockless = try await Self.points(workload, "one+lockless:a", cpus: 64)
    for engine in locked.indices {
      let ideal = 64e9 / (Hand.think + Hand.hold)
      #expect(abs(lockless[engine].throughputPerSecond.value / ideal - 1) < 0.02)
      #expect(locked[engine].throughputPerSecond.value < ideal * 0.995)
    }
  }

  /// Bligh, LKML 2001-12-05: per-node structures in one kernel reach the same place.
  @Test("a class split by socket in one image does what an OSlet a socket does")
  func partialPartition() async throws {
    let machine = Machine(
      name: "4s", topology: Topology(sockets: 4, coresPerIsland: 8),
      lineTransfer: .levels(
        smt: Nanoseconds(50), island: Nanoseconds(50), socket: Nanoseconds(50),
        cross: Nanoseconds(50)),
      interrupt: Hand.machine.interrupt, message: Hand.machine.message)
    let workload = Hand.workload(tasks: 32, think: 5_000, constant: false)
    let split = try await Self.points(
      workload, "one+split:a@socket", cpus: 32, machine: machine, events: 60_000)
    let apart = try await Self.points(
      workload, "by=socket+private:a", cpus: 32, machine: machine, events: 60_000)
    let expected = 4 * ThousandCPUTests.repairman(8, think: 5_000, hold: Hand.hold)
    for point in split + apart {
      #expect(abs(point.throughputPerSecond.value / expected - 1) < 0.03)
      #expect(point.messagesPerSecond == 0)
    }
  }

  /// Biederman, LKML 2003-09: being unable to share is what makes people scale.
  @Test("where nothing may be shared, what breaks is listed")
  func forbidden() throws {
    var workload = Hand.workload(tasks: 8)
    workload.classes[0].scope = .process
    workload.tasks[0].process = "p"
    let scenario = try Scenario(
      workload: workload, machine: Hand.machine, layout: Layout("4x+private:*"), cpus: 8,
      load: .fixed)
    #expect(scenario.refusals.count == 1)
    #expect(scenario.refusals[0].contains("'p'") && scenario.refusals[0].contains("split"))
    #expect(scenario.ownerLoad.busiest == nil, "nothing crosses")
  }
}
