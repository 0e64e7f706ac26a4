import Analysis
import Measures

/// One class in two recordings.
struct WaitChange {
  let name: String
  /// Nanoseconds waited per second, over the slices of the base.
  let base: Statistics
  /// The same of the head.
  let head: Statistics

  /// (head - base) / base; 1 for a class that only the head has.
  var relative: Double { base.mean > 0 ? head.mean / base.mean - 1 : 1 }

  /// Whether Welch's t-test holds the means for different at 95 %, two-sided.
  ///
  /// Source: B. L. Welch, Biometrika 34, 1947; degrees of freedom by Satterthwaite.
  var isSignificant: Bool {
    let a = base.variance / Double(base.count)
    let b = head.variance / Double(head.count)
    let difference = abs(head.mean - base.mean)
    guard a + b > 0 else { return difference > 0 }
    let freedom =
      (a + b) * (a + b)
      / (a * a / Double(base.count - 1) + b * b / Double(head.count - 1))
    let t = StudentT.quantile(0.975, degreesOfFreedom: max(1, Int(freedom)))
    return difference > t * (a + b).squareRoot()
  }
}

/// Two recordings, class by class, largest absolute change first.
struct WaitComparison {
  let changes: [WaitChange]

  /// Compares by name; a class that one of them lacks waited nothing there.
  init(base: Findings, head: Findings) {
    let (before, after) = (Self.perSecond(base), Self.perSecond(head))
    let silent = Statistics(repeatElement(0, count: ClassFinding.slices))
    changes = Set(before.keys).union(after.keys).sorted().map {
      WaitChange(name: $0, base: before[$0] ?? silent, head: after[$0] ?? silent)
    }.sorted {
      let (a, b) = (abs($0.head.mean - $0.base.mean), abs($1.head.mean - $1.base.mean))
      return a != b ? a > b : $0.name < $1.name
    }
  }

  /// Nanoseconds waited per second by class, over the slices of one recording.
  private static func perSecond(_ findings: Findings) -> [String: Statistics] {
    let slice = max(1e-9, findings.durationNs / 1e9 / Double(ClassFinding.slices))
    return Dictionary(
      findings.classes.map { ($0.name, Statistics($0.waitNsBySlice.map { $0 / slice })) },
      uniquingKeysWith: { first, _ in first })
  }
}
