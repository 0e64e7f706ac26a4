import CCalibration
import Measures
import Workloads

/// What interrupts, wake-ups, messages and single instructions cost on this machine.
struct CrossingMeasurement {
  /// The interrupt cost.
  var interrupt: InterruptCost
  /// The message cost.
  var message: MessageCost
  /// Everything measured, by its key in the machine file.
  var constants: [String: Double] = [:]
  /// The spread of each.
  var spread: [String: Interval] = [:]
  private let pair: (a: Int, b: Int)

  /// Measures between the farthest CPUs of `choice`.
  ///
  /// - Throws: `CalibrationError.measurement` when one fails; a kernel without membarrier leaves the
  ///   interrupt cost derived.
  init(
    _ host: HostTopology, _ choice: PairChoice, transfer: LineTransfer, _ effort: Effort
  ) throws(CalibrationError) {
    guard let far = choice.pairs.last else { throw .tooFewCPUs(host.cpus.count) }
    pair = (host.cpus[far.a].number, host.cpus[far.b].number)
    let (a, b) = (Int32(pair.a), Int32(pair.b))
    interrupt = InterruptCost(
      derivedFrom: transfer.cost(at: far.distance, in: host.topology))
    message = MessageCost(polled: .zero, notified: .zero)
    try take("clock_ns", "reading the clock", effort) { calibration_clock(a, 10_000) }
    try take("atomic_ns", "an atomic add", effort) { calibration_atomic(a, 50_000) }
    try take("system_call_ns", "a system call", effort) { calibration_system_call(a, 5_000) }
    let polled = try take("polled_round_trip_ns", "a polled ring", effort) {
      calibration_polled_ring(a, b, 1_000)
    }
    try take("notified_round_trip_ns", "a notified ring", effort) {
      calibration_notified_ring(a, b, 50)
    }
    try take("context_switch_ns", "a context switch", effort) {
      calibration_context_switch(a, 200)
    }
    var latencies: [Double] = []
    try take("futex_wake_ns", "a futex wake-up", effort) {
      let wake = calibration_futex_wake(a, b, 20)
      if wake.error == 0 { latencies.append(wake.latency) }
      return wake.error < 0 ? wake.error : wake.call
    }
    if let range = Samples.interval(latencies) {
      constants["idle_exit_ns"] = range.value
      spread["idle_exit_ns"] = range
    }
    let threads = Int32(min(host.cpus.count, 256))
    try take("handover_ns", "a contended hand-over", effort) {
      calibration_handover(threads, threads > 16 ? 200 : 1_000, 0)
    }
    try measureInterrupt(a, b, effort)
    // A kernel notifies by interrupt: one for the request, while the asker polls for the reply. The
    // ring with sleepers at both ends is kept beside it, two wake-ups and the scheduler included.
    message = MessageCost(
      polled: Nanoseconds(polled),
      notified: Nanoseconds(polled) + interrupt.send + interrupt.deliver + interrupt.acknowledge)
  }

  /// Takes samples of one quantity and files their median and spread under `key`.
  @discardableResult
  private mutating func take(
    _ key: String, _ what: String, _ effort: Effort, _ sample: () -> Double
  ) throws(CalibrationError) -> Double {
    let samples = Samples(effort.samples, limit: effort.limit, sample)
    guard let range = samples.interval else {
      throw .measurement(what, errno: samples.lastError)
    }
    constants[key] = range.value
    spread[key] = range
    return range.value
  }

  /// A membarrier is a system call, then an IPI sent, delivered, handled and waited for.
  ///
  /// The call without a target is what the system call costs; half of it comes before the IPI. What
  /// passes until the target stops is send and delivery, a quarter of it the sender's share as on
  /// the machine of `InterruptCost(derivedFrom:)`, since no unprivileged program can tell them
  /// apart; the rest of the call is the handler's entry and the acknowledgement.
  private mutating func measureInterrupt(
    _ a: Int32, _ b: Int32, _ effort: Effort
  ) throws(CalibrationError) {
    var samples: [calibration_ipi] = []
    var error: Int32 = 0
    let end = ContinuousClock.now + effort.limit
    for _ in 0..<max(3, effort.samples / 5) where samples.count < 3 || ContinuousClock.now < end {
      let sample = calibration_membarrier(a, b, 50)
      if sample.error < 0 {
        error = Int32(-sample.error)
      } else if sample.until_stopped > sample.alone / 2,
        sample.call > sample.alone
      {
        samples.append(sample)
      }
    }
    guard !samples.isEmpty else {
      if error != 0, error != Self.noSuchCall { throw .measurement("an interrupt", errno: error) }
      return
    }
    func file(_ key: String, _ value: (calibration_ipi) -> Double) -> Double {
      guard let range = Samples.interval(samples.map { max(0, value($0)) }) else { return 0 }
      constants[key] = range.value
      spread[key] = range
      return range.value
    }
    let call = file("ipi_round_trip_ns") { $0.call - $0.alone }
    let until = file("ipi_until_stopped_ns") { min($0.until_stopped - $0.alone / 2, $0.call) }
    _ = file("ipi_stolen_ns") { $0.stopped - (constants["clock_ns"] ?? 0) }
    let before = min(until, call)
    interrupt = InterruptCost(
      send: Nanoseconds(before / 4), deliver: Nanoseconds(before * 3 / 4),
      acknowledge: Nanoseconds(max(0, call - before)))
  }

  /// ENOSYS: a kernel before 4.14, or a sandbox, without private expedited membarrier.
  private static let noSuchCall: Int32 = 38

  /// Where each number comes from, for the machine file.
  func sources(pairs: Int) -> [String] {
    let between = "between CPUs \(pair.a) and \(pair.b)"
    let lines =
      "line transfers: half a round trip of a flag over \(pairs) pairs of CPUs, oslet calibrate"
    let interrupts =
      constants["ipi_round_trip_ns"] == nil
      ? "interrupts: derived, this kernel has no private expedited membarrier"
      : "interrupts: membarrier \(between), send a quarter of the time until the target stops"
    return [
      lines, interrupts, "messages: rings of 64-byte slots \(between); notified adds one interrupt",
      "notified_round_trip_ns: the same rings with futex sleepers at both ends",
      "spread: quartiles of the samples",
    ]
  }
}
