import Measures
import Workloads

/// Builds the loop that a group of tasks plays: what happens in a turn, spread evenly over it, with
/// computing in between.
struct LoopBuilder {
  private var placed: [(position: Double, order: Int, step: Step)] = []

  /// Adds `count` equal steps, evenly over the turn.
  mutating func add(_ step: Step, count: Int) {
    add(Array(repeating: step, count: max(0, count)))
  }

  /// Adds steps in their order, evenly over the turn.
  mutating func add(_ steps: [Step]) {
    for (index, step) in steps.enumerated() {
      let position = (Double(index) + 0.5) / Double(steps.count)
      placed.append((position, placed.count, step))
    }
  }

  /// Computing goes on for no longer than this at a time, nanoseconds: a replay that ends sooner would count
  /// none of its operations.
  private static let longestPiece = 1e6
  /// Most pieces of a turn's computing beyond one for each step.
  private static let mostPieces = 4000.0

  /// The loop: `run` nanoseconds of computing a turn in exponential pieces between the steps, and the
  /// turn's operations with them.
  ///
  /// Pieces are exponential because the think times behind the inferred rates are. Operations are
  /// counted piece by piece, so that a replay shorter than a turn counts them too.
  consuming func loop(run: Double, operations: Double) -> [Step] {
    placed.sort { ($0.position, $0.order) < ($1.position, $1.order) }
    let gaps = Double(max(1, placed.count))
    let split = (min(run / Self.longestPiece, Self.mostPieces) / gaps).rounded(.up)
    let pieces = gaps * max(1, split)
    let piece = [
      Step.run(.exponential(mean: Nanoseconds(run / pieces))), .operation(operations / pieces),
    ]
    let gap = Array(repeatElement(piece, count: Int(pieces / gaps)).joined())
    if placed.isEmpty { return gap }
    return placed.flatMap { gap + [$0.step] }
  }
}
