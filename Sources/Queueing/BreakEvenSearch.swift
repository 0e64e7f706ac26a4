public import Measures
public import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where a layout's gain over one image ends: at which share of crossings, at which price of a
/// message.
///
/// A function of its inputs by the closed-form engine. Throughput falls as either grows, so the
/// crossing of the layout's curve with the control's is found by bisection on a logarithmic grid. The
/// interval's ends are where the engine's stated approximation, taken against and for the layout, puts
/// that crossing: low where its worst meets the control's best.
///
/// Where another engine has said how much the layout gains, the closed form says only how that gain
/// shrinks: the control is then the closed form's own figure for the layout as it is, over that gain.
public struct BreakEvenSearch: Sendable {
  private let workload: Workload
  private let machine: Machine
  private let cpus: Int
  private let load: LoadRule
  private let control: Interval

  /// A search on `cpus` CPUs of `machine`.
  ///
  /// - Throws: `WorkloadError` when the machine has too few CPUs for one image.
  public init(
    _ workload: Workload, on machine: Machine, cpus: Int, load: LoadRule
  ) throws(WorkloadError) {
    self.workload = workload
    self.machine = machine
    self.cpus = cpus
    self.load = load
    control = Self.throughput(
      try Scenario(workload: workload, machine: machine, layout: .one, cpus: cpus, load: load))
  }

  /// Where the gain of one layout ends.
  public struct Result: Hashable, Sendable {
    /// The share of acquisitions of the crossable classes, 0...1, at which the gain is zero; nil when
    /// the layout gains even where each of them crosses, zero where it never gains.
    public var crossingShare: Interval?
    /// The message round trip in nanoseconds at which it is, at the share asked for; nil when none up
    /// to a second ends the gain, zero when none leaves any.
    public var roundTripNs: Interval?
  }

  /// Searches `layout`: over the share of crossings at the machine's message cost, and over the message
  /// cost where `share` of the acquisitions of every crossable class cross.
  ///
  /// Both kinds of message grow by one factor; the round trip returned is the notified one unless all
  /// that crosses is polled. Nil for a layout of one image or without a crossable class
  /// (`Scenario.crossableClasses`). At most 47 solutions of the network.
  ///
  /// - Parameter gain: throughput under the layout over that of one image, above zero, as another engine
  ///   has it; nil: the closed form's.
  /// - Throws: `WorkloadError` from the expansion of the layout.
  public func find(
    _ layout: Layout, crossing share: Double, gain: Interval? = nil
  ) throws(WorkloadError) -> Result? {
    let plain = try scenario(layout)
    guard !plain.crossableClasses.isEmpty else { return nil }
    let level = gain.map { gain in
      let layout = Self.throughput(plain).value
      return Interval(
        value: layout / gain.value, low: layout / gain.high, high: layout / gain.low)
    }
    let goal = level ?? control
    let byShare = try search(goal, from: Self.leastShare, to: 1) { (share) throws(WorkloadError) in
      Self.throughput(try scenario(plain.layout(crossing: share)))
    }
    let stated = plain.layout(crossing: share)
    let isPolled = try scenario(stated).policies.allSatisfy { policy in
      policy.message == .polled || policy.sharing == .private && policy.crossingShare == 0
    }
    let now = (isPolled ? machine.message.polled : machine.message.notified).value
    guard now > 0 else { return Result(crossingShare: byShare, roundTripNs: nil) }
    let byPrice = try search(goal, from: Self.leastNs, to: Self.mostNs) {
      (roundTrip) throws(WorkloadError) in
      Self.throughput(try scenario(stated, price: roundTrip / now))
    }
    return Result(crossingShare: byShare, roundTripNs: byPrice)
  }

  private func scenario(_ layout: Layout, price: Double = 1) throws(WorkloadError) -> Scenario {
    var machine = machine
    machine.message = MessageCost(
      polled: Nanoseconds(machine.message.polled.value * price),
      notified: Nanoseconds(machine.message.notified.value * price))
    return try Scenario(
      workload: workload, machine: machine, layout: layout, cpus: cpus, load: load)
  }

  private static func throughput(_ scenario: Scenario) -> Interval {
    ClosedFormEngine().point(scenario).throughputPerSecond
  }

  /// Where the falling curve `throughput` meets `goal` between `low` and `high`.
  ///
  /// At most 23 evaluations: the three searches share a grid of 128 steps, within one of which the
  /// curve is taken as straight, and what they evaluated.
  private func search(
    _ goal: Interval, from low: Double, to high: Double,
    _ throughput: (Double) throws(WorkloadError) -> Interval
  ) throws(WorkloadError) -> Interval? {
    let steps = 128
    func place(_ step: Double) -> Double { low * pow(high / low, step / Double(steps)) }
    var known: [Int: Interval] = [:]
    func gain(_ step: Int, _ excess: (Interval) -> Double) throws(WorkloadError) -> Double {
      if let point = known[step] { return excess(point) }
      let point = try throughput(place(Double(step)))
      known[step] = point
      return excess(point)
    }
    /// The zero of `excess`; 0 when it is negative from the first, nil when positive to the last.
    func zero(_ excess: (Interval) -> Double) throws(WorkloadError) -> Double? {
      var (below, above) = (0, steps)
      if try gain(below, excess) <= 0 { return 0 }
      if try gain(above, excess) > 0 { return nil }
      while above - below > 1 {
        let middle = (below + above) / 2
        if try gain(middle, excess) > 0 { below = middle } else { above = middle }
      }
      let (before, after) = (try gain(below, excess), try gain(above, excess))
      return place(Double(below) + before / max(before - after, .leastNormalMagnitude))
    }
    guard let value = try zero({ $0.value - goal.value }) else { return nil }
    let worst = try zero { $0.low - goal.high } ?? value
    let best = try zero { $0.high - goal.low } ?? high
    return Interval(value: value, low: min(worst, value), high: max(best, value))
  }

  private static let leastShare = 1e-6
  private static let leastNs = 1.0
  private static let mostNs = 1e9
}
