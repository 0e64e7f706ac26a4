import Analysis
import Measures
import TraceFormat

/// The wait of each class in equal slices of one recording, nanoseconds waited per second.
struct SlicedWaits {
  /// By class name, one number a slice.
  private(set) var byClass: [String: [Double]] = [:]
  let slices: Int

  /// Cuts the trace at `path` into slices and analyzes each by itself; a wait that spans two slices
  /// is in neither.
  init(path: String, slices: Int) throws(ToolFailure) {
    self.slices = slices
    guard let times = try openTrace(path).times else {
      throw ToolFailure("\(path): holds no events to compare", status: .incompleteData)
    }
    let start = times.lowerBound.nanosecondsSinceBoot
    let length = max(1, (times.upperBound.nanosecondsSinceBoot - start) / UInt64(slices))
    for slice in 0..<slices {
      let from = start + UInt64(slice) * length
      let study = try TraceStudy(
        path: path, from: TraceTime(nanosecondsSinceBoot: from),
        to: TraceTime(nanosecondsSinceBoot: from + length))
      for row in study.findings.classes {
        byClass[row.name, default: Array(repeating: 0, count: slices)][slice] +=
          row.wait.total / Double(length) * 1e9
      }
    }
  }
}

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

  init(base: SlicedWaits, head: SlicedWaits) {
    let names = Set(base.byClass.keys).union(head.byClass.keys).sorted()
    func statistics(_ waits: SlicedWaits, _ name: String) -> Statistics {
      Statistics(waits.byClass[name] ?? Array(repeating: 0, count: waits.slices))
    }
    changes = names.map {
      WaitChange(name: $0, base: statistics(base, $0), head: statistics(head, $0))
    }.sorted {
      let (a, b) = (abs($0.head.mean - $0.base.mean), abs($1.head.mean - $1.base.mean))
      return a != b ? a > b : $0.name < $1.name
    }
  }
}
