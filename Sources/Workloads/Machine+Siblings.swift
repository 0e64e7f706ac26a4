/// What the hardware threads of one core take from each other.
public struct SiblingSlowdown: Hashable, Sendable {
  /// How much longer a thread computes for each sibling that computes too: 0.25 is a quarter.
  public var working: Double
  /// The same for each sibling that spins: it pauses, which leaves the core to the others (Intel SDM,
  /// PAUSE).
  public var waiting: Double
}

extension Machine {
  /// The slowdown by siblings: `smt_slowdown` and `smt_slowdown_waiting` among the machine file's
  /// constants, ratios; without the second a fifth of the first, as in the model of one lock.
  ///
  /// Zero without the first: spans recorded on a machine with siblings hold their slowdown already. A
  /// range to expect is 0.25 to 0.65: two threads do 1.6 to 1.2 times the work of one (D. Marr et al.,
  /// "Hyper-Threading technology architecture and microarchitecture", Intel Technology Journal 6(1),
  /// 2002, measure 1.21 to 1.28 with server loads).
  public var siblingSlowdown: SiblingSlowdown {
    guard topology.smt > 1, let working = constants["smt_slowdown"] else {
      return SiblingSlowdown(working: 0, waiting: 0)
    }
    return SiblingSlowdown(
      working: working, waiting: constants["smt_slowdown_waiting"] ?? working / 5)
  }
}
