import Measures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The two ends of what a recording leaves open.
public enum WorkloadBound: Sendable, CaseIterable {
  /// Every class as narrow as it may be and asked for as little.
  case best
  /// Every class as wide as it may be and asked for as much.
  case worst
}

extension Workload {
  /// Whether anything is left open: a demand or computing known with an error, or a scope not known for
  /// certain.
  public var isUncertain: Bool {
    computingError > 0
      || classes.contains { $0.demandError > 0 || $0.narrowest != nil || $0.widest != nil }
  }

  /// The workload at one end of what is left open.
  ///
  /// Demands move by 1.645 standard deviations of their logarithm, all of them together: 90 % of a normal
  /// distribution for one class, and more than that for many whose errors are not alike: its holds, and the
  /// lines that move with it. What a hold gains, computing loses, because the CPU time of a turn was measured; computing keeps a tenth. What is
  /// left of it moves by its own error.
  public func at(_ bound: WorkloadBound) -> Workload {
    let deviations = bound == .worst ? 1.645 : -1.645
    let computed = exp(deviations * computingError)
    var moved = self
    var factors: [String: Double] = [:]
    for index in moved.classes.indices {
      let lock = moved.classes[index]
      let factor = exp(deviations * lock.demandError)
      factors[lock.name] = factor
      // What moves with a lock costs as often as it is taken; nobody holds a counter at all.
      moved.classes[index].lines *= factor
      moved.classes[index].scope =
        (bound == .worst ? lock.widest : lock.narrowest) ?? lock.scope
    }
    for index in moved.tasks.indices {
      let loop = moved.tasks[index].loop
      let scaled = Self.scaled(loop, by: factors)
      let gained = Self.held(scaled) - Self.held(loop)
      let computing = loop.reduce(0.0) { sum, step in
        if case .run(let span) = step { sum + span.mean.value } else { sum }
      }
      let left = computing > 0 ? max(0.1, 1 - gained / computing) : 1
      moved.tasks[index].loop = scaled.map { step in
        if case .run(let span) = step { .run(span.scaled(by: left * computed)) } else { step }
      }
    }
    return moved
  }

  private static func scaled(_ steps: [Step], by factors: [String: Double]) -> [Step] {
    steps.map { step in
      guard case .acquire(var taken) = step else { return step }
      taken.hold = taken.hold.scaled(by: factors[taken.lockClass] ?? 1)
      taken.nested = scaled(taken.nested, by: factors)
      return .acquire(taken)
    }
  }

  private static func held(_ steps: [Step]) -> Double {
    steps.reduce(0) { sum, step in
      guard case .acquire(let taken) = step else { return sum }
      return sum + taken.hold.mean.value + held(taken.nested)
    }
  }
}
