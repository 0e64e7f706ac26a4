import Queueing
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is believed of a lock curve's parameters before any row is seen: each is log-normal around a
/// physical expectation.
///
/// The spreads are the same for every series and every machine. What the numbers rest on stands with
/// each of them; none is taken from the rows that are to be predicted.
struct PriorBelief {
  /// One parameter that the rows may move.
  struct Coordinate {
    /// Its name in reports.
    var name: String
    /// Where it goes.
    var path: WritableKeyPath<LockCurve.Parameters, Double>
    /// The expectation.
    var median: Double
    /// Standard deviation of its logarithm.
    var spread: Double
  }

  /// The moving parameters.
  private(set) var coordinates: [Coordinate] = []
  /// The curve with every parameter at its expectation.
  private(set) var curve: LockCurve

  /// The belief for a series, given the rows it may be calibrated on (at least one); `transfer` is the
  /// mean line transfer between the threads of a row, in nanoseconds.
  init(
    _ series: ScalingTable.Series, as family: LockFamily, sharedOutHold delay: Double,
    unpinned: Bool, code: LockCode? = nil, rows: [ScalingTable.Row],
    transfer: (ScalingTable.Row) -> Double
  ) {
    let timesGiven = series.criticalNs != nil && series.parallelNs != nil
    curve = LockCurve(
      discipline: family.discipline, sharedHold: family.sharedHold, spansUnderLoad: timesGiven)
    // What remains of a row's time per operation without the benchmark's own delay, at least a tenth.
    let own = rows.map { row -> (perOperation: Double, threads: Double) in
      let perOperation = 1e3 / row.perUs
      let threads = Double(row.threads)
      return (max(0.1 * perOperation, perOperation - delay / threads), threads)
    }
    let fastest = own.map(\.perOperation).min() ?? 1
    // What a contended turn takes shows in the last row: where throughput falls, not in the fastest.
    let contended = max(fastest, own.last?.perOperation ?? fastest)
    let nominal = rows.last.map { max(1, transfer($0)) } ?? 1
    let alone = own.first.map { $0.perOperation * $0.threads } ?? fastest

    curve.parameters.sharedOutHold = delay
    if family.discipline == .serial {
      addSerial(series, alone: alone)
      return
    }
    if let given = series.parallelNs {
      curve.parameters.think = given
    } else if delay > 0 {
      // The loop around a torture test's lock: a random number, a counter, a test for the end.
      add("think_ns", \.think, 60, 0.6)
    } else {
      add("think_ns", \.think, 0.7 * alone, 1)
    }
    if let given = series.criticalNs {
      curve.parameters.hold = given
    } else if delay > 0 {
      add("hold_ns", \.hold, 60, 0.6)
    } else {
      // Most of a kernel critical section that shows in a table is misses on what it protects.
      let share = family.discipline == .shootdown ? 0.12 : 0.25
      add("hold_ns", \.hold, share * fastest, 1)
    }
    if timesGiven {
      // Given times leave out the loop and the calls around them.
      add("busy_factor", \.busyFactor, 1.05, 0.06)
      add("overhead_ns", \.overhead, 20, 1)
    }
    add("sibling_slowdown", \.siblingSlowdown, timesGiven ? 0.2 : 0.25, timesGiven ? 0.6 : 0.5)
    addLines(
      timesGiven: timesGiven, bareLine: family.bareLine, fastest: contended, transfer: nominal)
    addCrossFactor(series, family, transfer: nominal)
    if family.discipline == .ticket {
      // One re-read at the home agent takes a fraction of a transfer, one after the other.
      add("storm", \.storm, 0.14, 0.4)
      // The releasing store, and part of an arrival's atomic add.
      add("invalidations", \.invalidations, 1.2, 0.35)
    } else if family.discipline == .unordered, !family.sharedHold {
      // Every waiter's attempt takes the line from the others once more (T. E. Anderson, IEEE TPDS 1990);
      // how many attempt while one succeeds depends on how they back off.
      add("storm", \.storm, family.attempts, 1)
    } else {
      add("storm", \.storm, 0.0005, 1)
    }
    if family.discipline == .unordered || family.discipline == .blocking {
      // Whoever sleeps is passed by: the lock stays with those that run, and with the last owner. So does
      // a line that many only add to: who has it does more before others have fetched it.
      add("fairness", \.fairness, family.sleepsAtOnce || family.sharedHold ? 0.15 : 0.6, 1)
    }
    if family.discipline == .blocking {
      add("wake_ns", \.wake, 0.3 * contended, 1)
    }
    if unpinned { add("balanced_share", \.balanced, 0.35, 0.7) }
    add("mesh", \.mesh, 0.2, 0.8)
    add("pending_saving", \.pendingSaving, 0.3, 0.5)
    if family.discipline == .shootdown {
      add("first_target_ns", \.firstTarget, 0.3 * alone, 1)
      // Each operation interrupts all others: turns simply add up (a harmonic mean).
      add("sharpness", \.sharpness, 1.05, 0.1)
    } else {
      // Loops of fixed work are nearly deterministic; kernel paths less so. Exponential spans
      // correspond to about 2.
      add("sharpness", \.sharpness, timesGiven ? 6 : 3, 0.4)
    }
    if timesGiven, let code {
      coordinates = coordinates.map { code.informed($0, for: series) }
      for one in coordinates { curve.parameters[keyPath: one.path] = one.median }
    }
  }

  /// A serial part, and what a thread adds to it, as shares of the work of a turn.
  private mutating func addSerial(_ series: ScalingTable.Series, alone: Double) {
    if let critical = series.criticalNs, let parallel = series.parallelNs {
      curve.parameters.think = critical + parallel
      add("busy_factor", \.busyFactor, 1.05, 0.06)
      add("overhead_ns", \.overhead, 20, 1)
    } else {
      add("think_ns", \.think, 0.9 * alone, 1)
    }
    add("serial_ns", \.hold, 0.02 * alone, 1.5)
    add("thread_ns", \.threadCost, 0.00003 * alone, 1.5)
    add("sibling_slowdown", \.siblingSlowdown, 0.25, 0.5)
    // Work that one does after the other adds up.
    curve.parameters.sharpness = 1
  }

  /// How much of the pairs on different sockets a hand-over sees.
  ///
  /// All of them if arrivals are in a random order. A queue whose threads come back at once, before the
  /// next owner is done, keeps the order in which they first came, and that was a race that those near
  /// the line won: how much of it crosses sockets is then anything between little and all.
  private mutating func addCrossFactor(
    _ series: ScalingTable.Series, _ family: LockFamily, transfer: Double
  ) {
    let ordered = family.discipline == .queued || family.discipline == .ticket
    var kept = 0.0
    if ordered, let think = series.parallelNs, let hold = series.criticalNs {
      kept = exp(-think / (hold + 3 * transfer))
    }
    add(
      "cross_factor", \.crossFactor, 1 - 0.5 * kept, (0.04 + 0.25 * kept * kept).squareRoot())
  }

  /// Lines per hand-over.
  ///
  /// Lock word and queue node of a spinlock move about three times; a kernel path moves one or two
  /// lines of data more, and the expectation follows the fastest row slowly upwards. An operation that
  /// takes longer than any usual critical section is made of several acquisitions.
  private mutating func addLines(
    timesGiven: Bool, bareLine: Bool, fastest: Double, transfer: Double
  ) {
    if timesGiven {
      add("lines", \.lines, 3, 0.35)
      return
    }
    let acquisitions = max(1, fastest / Self.longestSection)
    let shootdown = curve.discipline == .shootdown
    let bound = (shootdown ? 0.8 : 0.6) * fastest / acquisitions / transfer
    // A bare counter is one line, and seldom all that an operation writes.
    let usual = bareLine ? 1.5 : shootdown ? 2.5 : 4.5
    // Where holders overlap, whatever saturates must be the lines. An interrupt moves as many lines
    // however long it takes: the rest is the send, the entry and the handler (kernel/smp.c).
    let follow = curve.sharedHold ? 0.9 : shootdown ? 0 : 0.3
    let each = bound < usual ? bound : usual * pow(bound / usual, follow)
    let uncertain = curve.sharedHold || acquisitions > 1
    add("lines", \.lines, acquisitions * each, uncertain ? 1 : 0.6)
  }

  /// Nanoseconds of an operation beyond which it is taken for several acquisitions.
  private static let longestSection = 100_000.0

  /// Whether operations, at best, take longer than any usual critical section: those of a program.
  static func isProgram(_ rows: [ScalingTable.Row]) -> Bool {
    rows.allSatisfy { 1e3 / $0.perUs > longestSection }
  }

  private mutating func add(
    _ name: String, _ path: WritableKeyPath<LockCurve.Parameters, Double>,
    _ median: Double, _ spread: Double
  ) {
    let bounded = max(median, 1e-9)
    coordinates.append(
      Coordinate(name: name, path: path, median: bounded, spread: spread))
    curve.parameters[keyPath: path] = bounded
  }

  /// The curve at a point of logarithms, in the order of `coordinates`.
  func curve(at logs: [Double]) -> LockCurve {
    var moved = curve
    for (coordinate, log) in zip(coordinates, logs) {
      moved.parameters[keyPath: coordinate.path] = exp(log)
    }
    moved.parameters.pendingSaving = min(moved.parameters.pendingSaving, 0.9)
    moved.parameters.fairness = min(moved.parameters.fairness, 1)
    moved.parameters.balanced = min(moved.parameters.balanced, 1)
    return moved
  }
}
