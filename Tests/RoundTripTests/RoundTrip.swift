import Analysis
import Foundation
import Measures
import TraceFormat
import Workloads

@testable import Replay

/// A known workload simulated, recorded, analyzed and predicted, beside the truth.
struct RoundTrip: Sendable {
  /// One class, inferred against true.
  struct ClassRow: Sendable {
    var name: String
    var kind: String
    var scope: Scope
    var contentions: UInt64
    var method: String
    /// Inferred over true; nil where nothing was inferred.
    var hold: Double?
    var readerHold: Double?
    var think: Double?
    var rate: Double?
    /// The scope inferred.
    var inferredScope: Scope
  }
  /// One size, predicted against true.
  struct Point: Sendable {
    var cpus: Int
    var truth: Double
    var predicted: Interval
    var error: Double { predicted.value / truth - 1 }
    var holds: Bool { predicted.low <= truth && truth <= predicted.high }
  }

  let number: Int
  let recordedCPUs: Int
  let spinlocks: RandomWorkload.Spinlocks
  let truth: Workload
  let inferred: Workload
  var classes: [ClassRow] = []
  /// Classes that no contention showed.
  var unseen: [String] = []
  var points: [Point] = []
  /// Throughput as recorded, inferred over true.
  let measured: Double
  let events: Int
  let findings: Findings

  /// The machine of all trips: 47 ns inside a socket, 134 ns and more across.
  static func machine(cpus: Int) throws -> Machine {
    try KnownMachines.machine(named: "xeon-8275cl").scaled(toCPUs: cpus).machine
  }

  /// Simulates workload `number` for so many seconds, or `length` engine events, and predicts it at `sizes`.
  init(
    _ number: Int, seconds: Double = .infinity, length: Int, sizes: [Int], loss: Double = 0.01,
    precision: Precision = Precision()
  ) async throws {
    self.number = number
    let known = RandomWorkload(number)
    truth = try known.workload.validated()
    recordedCPUs = truth.recordedCPUs
    spinlocks = known.spinlocks
    let machine = try Self.machine(cpus: max(recordedCPUs, sizes.max() ?? 1))
    let scenario = try Scenario(
      workload: truth, machine: machine, layout: .one, cpus: recordedCPUs, load: .fixed)
    var traced = TracedReplay(
      scenario, labels: known.labels, spinlocks: known.spinlocks, seed: UInt64(number))
    traced.play(until: seconds * 1e9, events: length)
    let duration = traced.now
    let progress = traced.operations * 1e9 / duration
    findings = try Self.analyze(
      Self.recorded(traced, known, losing: loss, seed: UInt64(number)))
    events = Int(findings.events)
    inferred = try Workload(json: JSONEncoder().encode(findings.workload(name: truth.name)))
    measured = (inferred.measured?.throughputPerSecond ?? 0) / progress
    compare(traced.truth, duration: duration)
    let replayer = Replayer(seed: 1, precision: precision, threads: 2)
    for cpus in sizes {
      let truth = try await Self.play(truth, replayer, machine, cpus).throughputPerSecond
      var predicted = try await Self.play(inferred, replayer, machine, cpus)
      predicted.throughputBounds = try await replayer.bounds(
        of: inferred, around: predicted, on: machine, layout: .one, load: .replicate)
      points.append(
        Point(
          cpus: cpus, truth: truth.value,
          predicted: predicted.throughputBounds ?? predicted.throughputPerSecond))
    }
  }

  private static func play(
    _ workload: Workload, _ replayer: Replayer, _ machine: Machine, _ cpus: Int
  ) async throws -> PredictionPoint {
    let scenario = try Scenario(
      workload: workload, machine: machine, layout: .one, cpus: cpus, load: .replicate)
    return await replayer.point(scenario)
  }

  private static func recorded(
    _ traced: borrowing TracedReplay, _ known: RandomWorkload, losing share: Double, seed: UInt64
  ) throws -> [UInt8] {
    let cpus = Array(0..<known.workload.recordedCPUs)
    var facts = TraceFacts.unknown
    facts.topology = TopologyFacts(
      online: cpus, core: cpus, cache: cpus.map { _ in 0 }, node: cpus.map { _ in 0 },
      socket: cpus.map { _ in 0 })
    facts.regimes = ["spinlock": known.spinlocks.rawValue]
    let (events, losses) = LossyRecorder.record(traced.events, losing: share, seed: seed)
    return try RecordedTrace(
      facts: facts, events: events, stacks: known.labels.map(\.stack),
      symbols: known.labels.flatMap(\.symbols), tasks: traced.taskRecords, losses: losses
    ).bytes()
  }

  private static func analyze(_ bytes: [UInt8]) throws -> Findings {
    var reader = try TraceReader(bytes: bytes)
    var analyzer = Analyzer(facts: reader.facts)
    var batch: [Event] = []
    while try reader.nextBatch(into: &batch) {
      for event in batch { analyzer.add(event) }
    }
    return analyzer.finish(
      stacks: reader.stacks.records, symbols: reader.symbols.records, tasks: reader.tasks.records,
      losses: reader.losses.records)
  }

  private mutating func compare(_ classes: [TracedReplay.ClassTruth], duration: Double) {
    let played = Set(inferred.classes.map(\.name))
    for (lock, known) in zip(truth.classes, classes) {
      guard let row = findings.classes.first(where: { $0.name == lock.name }) else {
        unseen.append(lock.name)
        continue
      }
      func ratio(_ found: Double, _ true: Double) -> Double? {
        played.contains(row.name) && `true` > 0 ? found / `true` : nil
      }
      self.classes.append(
        ClassRow(
          name: row.name, kind: lock.kindName, scope: lock.scope, contentions: row.contentions,
          method: row.hold.method, hold: ratio(row.hold.mean, known.hold),
          readerHold: ratio(Self.readerHold(lock.name, of: inferred), known.readerHold),
          think: ratio(row.thinkNs, known.think(duration)),
          rate: ratio(row.acquisitionsPerSecond * duration / 1e9, known.acquisitions),
          inferredScope: row.scope))
    }
  }

  /// How long readers of a class own it in `workload`, on average; 0 without readers.
  private static func readerHold(_ name: String, of workload: Workload) -> Double {
    var (sum, count) = (0.0, 0.0)
    for group in workload.tasks {
      for case .acquire(let taken) in group.loop where taken.lockClass == name {
        guard taken.mode == .read else { continue }
        sum += taken.hold.mean.value
        count += 1
      }
    }
    return count > 0 ? sum / count : 0
  }
}
