import Measures
import Queueing
import Replay
import Testing
import Workloads

/// The questions of the seed mails at their own size, 1,024 CPUs, against the message model by hand.
@Suite("1,024 CPUs")
struct ThousandCPUTests {
  typealias Hand = SharingPolicyTests

  /// M/M/1//n: operations a second of `customers` that think and hold one lock.
  static func repairman(_ customers: Int, think: Double, hold: Double) -> Double {
    var terms = [1.0]
    for busy in 1...customers {
      terms.append(terms[busy - 1] * Double(customers + 1 - busy) * hold / think)
    }
    return (1 - 1 / terms.reduce(0, +)) * 1e9 / hold
  }

  /// The message model for OSlets of `size` CPUs whose tasks take a lock of another OSlet with a share
  /// of their acquisitions: the operations a second of one OSlet.
  ///
  /// A crossing adds the round trip, and the rest of the step that ends first on the owner's CPUs if
  /// all of them compute, since nobody looks into the ring before; and for each crossing that leaves
  /// one arrives, whose reading, hold and reply are stolen from a thinking task.
  static func messageModel(size: Int, crossing share: Double) -> Double {
    let alone = repairman(size, think: Hand.think, hold: Hand.hold)
    var rate = alone
    for _ in 0..<20 {
      let computing = min(1, rate * Hand.think / 1e9 / Double(size))
      let look =
        (0..<size).reduce(1.0) { product, _ in product * computing } * Hand.think / Double(size)
      let served = Hand.hold + Hand.polled / 2
      rate = repairman(
        size, think: Hand.think + share * (Hand.polled + look + served), hold: Hand.hold)
    }
    return rate
  }

  @Test("256 OSlets of 4 do what the message model says", arguments: [0.01, 0.3])
  func smallOSlets(share: Double) async throws {
    let layout = Layout(
      name: "256x4", partition: .uniform(count: 256, size: 4),
      policies: ["a": PolicyOverride(.private, message: .polled, crossingShare: share)])
    let scenario = try Scenario(
      workload: Hand.workload(tasks: 1_024, constant: false), machine: Hand.machine,
      layout: layout, cpus: 1_024, load: .fixed)
    let precision = Precision(
      replications: 2, events: 60_000, eventsPerCPU: 0, maximumEvents: 120_000)
    let played = await Replayer(seed: 2, precision: precision).point(scenario)
    let expected = 256 * Self.messageModel(size: 4, crossing: share)
    let off = played.throughputPerSecond.value / expected - 1
    #expect(abs(off) < 0.015, "the replay is off by \(off)")
    let solved = ClosedFormEngine().point(scenario).throughputPerSecond.value / expected - 1
    #expect(abs(solved) < 0.03, "the model is off by \(solved)")
    #expect(abs(played.crossingShare - share) <= 0.2 * share)
    let perOperation = played.messagesPerSecond / played.throughputPerSecond.value
    #expect(abs(perOperation - share) <= 0.2 * share)
    // One image of 1,024 CPUs saturates its one lock: a million operations a second.
    #expect(played.throughputPerSecond.value > 50 * 1e9 / Hand.hold)
  }

  /// Nanoseconds of a write to a class replicated over `groups` x `per` OSlets of `size` CPUs, by both
  /// engines, thinking left out.
  static func write(
    _ groups: Int, _ per: Int, size: Int, _ way: Broadcast
  ) async throws -> (replay: Double, model: Double) {
    let layout = Layout(
      name: "h",
      partition: .hierarchy(groups: groups, perGroup: per, size: size, broadcast: way),
      policies: ["a": PolicyOverride(.replicated)])
    let found = try await Hand.throughput(
      Hand.workload(tasks: 1), layout, cpus: groups * per * size)
    return (
      1e9 / found.replay.throughputPerSecond.value - Hand.think,
      1e9 / found.model.throughputPerSecond.value - Hand.think
    )
  }

  @Test(
    "a write to 256 replicas: 32 of 32, or 16 of 16, beats a flat broadcast, which sends in turn")
  func fanOutBinds() async throws {
    let line = Hand.polled / 4
    // Own hold; N - 1 requests written in turn; one way; read, applied, answered; one way back.
    let flat = try await Self.write(16, 16, size: 4, .flat)
    let byHand = Hand.hold + 255 * line + line + (Hand.hold + 2 * line) + line
    #expect(abs(flat.replay / byHand - 1) < 0.005, "flat \(flat)")
    #expect(abs(flat.model / byHand - 1) < 0.01, "flat \(flat)")
    let tree = try await Self.write(16, 16, size: 4, .tree)
    // At most 15 of its own group and 15 forwarders are written by the sender, 15 by the last of those.
    let most = Hand.hold + 30 * line + 3 * line + 15 * line + (Hand.hold + 2 * line) + line
    #expect(tree.replay <= most && tree.replay > most * 0.7, "tree \(tree), by hand \(most)")
    #expect(tree.replay < flat.replay / 3 && tree.model < flat.model / 3)
    let whole = try await Self.write(32, 32, size: 1, .tree)
    let wholeFlat = try await Self.write(32, 32, size: 1, .flat)
    #expect(whole.replay < wholeFlat.replay / 6 && whole.model < wholeFlat.model / 6)
  }

  @Test("where four OSlets of 256 share the 1,024 CPUs, forwarding costs more than it saves")
  func fanOutDoesNotBind() async throws {
    let flat = try await Self.write(2, 2, size: 256, .flat)
    let tree = try await Self.write(2, 2, size: 256, .tree)
    let ring = try await Self.write(2, 2, size: 256, .ring)
    #expect(tree.replay > flat.replay && ring.replay > flat.replay, "\(flat) \(tree) \(ring)")
    #expect(tree.model > flat.model && ring.model > flat.model, "\(flat) \(tree) \(ring)")
  }
}
