import Measures

extension TaskGroup {
  /// The share of an undisturbed turn of the loop that needs the CPU, above 0.
  var busyShare: Double {
    let (busy, asleep) = spans
    return busy + asleep > 0 ? max(busy / (busy + asleep), 1e-6) : 1
  }

  /// Turns of the loop a second when nobody disturbs; 0 for a loop that takes no time.
  var turnsPerSecond: Double {
    let (busy, asleep) = spans
    return busy + asleep > 0 ? 1e9 / (busy + asleep) : 0
  }

  /// What one turn computes and sleeps, nanoseconds.
  private var spans: (busy: Double, asleep: Double) {
    func spans(_ steps: [Step]) -> (busy: Double, asleep: Double) {
      steps.reduce(into: (0.0, 0.0)) { sum, step in
        switch step {
        case .run(let span): sum.0 += span.mean.value
        case .sleep(let span): sum.1 += span.mean.value
        case .acquire(let acquisition):
          let inner = spans(acquisition.nested)
          sum.0 += acquisition.hold.mean.value + inner.busy
          sum.1 += inner.asleep
        case .ipi, .touch, .wake, .operation: break
        }
      }
    }
    return spans(loop)
  }
}
