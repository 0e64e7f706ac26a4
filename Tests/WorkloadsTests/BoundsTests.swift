import Measures
import Testing
import Workloads

@Suite("What a recording leaves open")
struct BoundsTests {
  private static var workload: Workload {
    var known = LockClass(name: "known", kind: .spinlock, scope: .image, lines: 1)
    known.demandError = 0.5
    known.narrowest = .process
    var unknown = LockClass(name: "unknown", kind: .mutex, scope: .task)
    unknown.widest = .image
    return Workload(
      name: "w", recordedCPUs: 2, classes: [known, unknown],
      tasks: [
        TaskGroup(
          name: "t", count: 2,
          loop: [
            .run(.constant(Nanoseconds(10_000))),
            .acquire(Acquisition("known", hold: .constant(Nanoseconds(1_000)))),
            .acquire(Acquisition("unknown", hold: .constant(Nanoseconds(500)))),
          ])
      ])
  }

  /// Mean computing and holds of a turn, nanoseconds.
  private func turn(_ workload: Workload) -> (run: Double, holds: [String: Double]) {
    workload.tasks[0].loop.reduce(into: (0, [:])) { sum, step in
      if case .run(let span) = step { sum.0 += span.mean.value }
      if case .acquire(let taken) = step { sum.1[taken.lockClass] = taken.hold.mean.value }
    }
  }

  @Test("scopes and demands move to either end; the CPU time of a turn stays")
  func ends() {
    #expect(Self.workload.isUncertain)
    let best = Self.workload.at(.best)
    let worst = Self.workload.at(.worst)
    #expect(best.classes.map(\.scope) == [.process, .task])
    #expect(worst.classes.map(\.scope) == [.image, .image])
    let (light, heavy) = (turn(best), turn(worst))
    // exp(1.645 / 2) = 2.276.
    #expect(abs((heavy.holds["known"] ?? 0) - 2_276) < 1)
    #expect(abs((light.holds["known"] ?? 0) - 439) < 1)
    // Lines move as holds do.
    #expect(abs(worst.classes[0].lines - 2.276) < 0.001)
    #expect(abs(best.classes[0].lines - 0.439) < 0.001)
    #expect(light.holds["unknown"] == 500 && heavy.holds["unknown"] == 500)
    for turn in [light, heavy] {
      #expect(abs(turn.run + turn.holds.values.reduce(0, +) - 11_500) < 1)
    }
  }

  @Test("computing keeps a tenth, however long holds may be")
  func rest() {
    var workload = Self.workload
    workload.classes[0].demandError = 5
    #expect(abs(turn(workload.at(.worst)).run - 1_000) < 1e-6)
  }

  @Test("computing moves by its error, and lines that no lock guards by theirs")
  func computing() {
    var workload = Self.workload
    workload.classes[0].demandError = 0
    workload.computingError = 0.1
    var line = LockClass(name: "line", kind: .counter, scope: .image, lines: 2)
    line.demandError = 0.5
    workload.classes.append(line)
    #expect(workload.isUncertain)
    // exp(0.1645) = 1.1788, exp(1.645 / 2) = 2.276.
    #expect(abs(turn(workload.at(.worst)).run - 11_788) < 1)
    #expect(abs(turn(workload.at(.best)).run - 8_483) < 1)
    #expect(abs(workload.at(.worst).classes[2].lines - 4.552) < 0.001)
    workload.computingError = 11
    #expect(throws: WorkloadError.self) { try workload.validated() }
  }

  @Test("what is known for certain stays as it is")
  func certain() {
    var workload = Self.workload
    for index in workload.classes.indices {
      workload.classes[index].demandError = 0
      workload.classes[index].narrowest = nil
      workload.classes[index].widest = nil
    }
    #expect(!workload.isUncertain)
    #expect(workload.at(.best) == workload && workload.at(.worst) == workload)
  }
}
