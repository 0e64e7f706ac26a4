import Measures
import Workloads

/// The steps of one group's loop by their mean spans: where a task that was met at any time stands.
struct LoopPhases {
  /// How a task starts.
  enum Start {
    /// With the instruction at `pc`, after computing for `rest` nanoseconds.
    case computing(rest: Double, pc: Int32)
    /// Asleep for `rest` nanoseconds, and then with the instruction at `pc`.
    case asleep(rest: Double, pc: Int32)
  }

  private enum Kind { case run, sleep, other }
  private struct Phase {
    var kind: Kind
    /// The step's first instruction.
    var pc: Int32
    /// Mean time from the loop's begin to the step's end.
    var end: Double
  }

  private var phases: [Phase] = []
  /// Mean time of one turn, without any wait.
  private(set) var turn = 0.0

  /// Adds the next step of the loop, whose instructions begin at `pc`.
  mutating func add(_ step: Step, pc: Int32) {
    let span = Self.span(step)
    guard span > 0 else { return }
    let kind: Kind =
      switch step {
      case .run: .run
      case .sleep: .sleep
      default: .other
      }
    turn += span
    phases.append(Phase(kind: kind, pc: pc, end: turn))
  }

  /// How a task starts that is `point` nanoseconds into its turn; a step that is neither computing nor
  /// sleep is begun anew.
  func start(at point: Double) -> Start? {
    guard let index = firstIndex(endingAfter: point) else { return nil }
    let phase = phases[index]
    let rest = phase.end - point
    return switch phase.kind {
    case .run: .computing(rest: rest, pc: phase.pc + 1)
    case .sleep: .asleep(rest: rest, pc: phase.pc + 1)
    case .other: .computing(rest: 0, pc: phase.pc)
    }
  }

  private func firstIndex(endingAfter point: Double) -> Int? {
    var (low, high) = (0, phases.count)
    while low < high {
      let middle = (low + high) / 2
      if phases[middle].end > point { high = middle } else { low = middle + 1 }
    }
    return low < phases.count ? low : phases.indices.last
  }

  private static func span(_ step: Step) -> Double {
    switch step {
    case .run(let span), .sleep(let span): span.mean.value
    case .acquire(let taken):
      taken.nested.reduce(taken.hold.mean.value) { $0 + span($1) }
    case .ipi, .touch, .wake, .operation: 0
    }
  }
}
