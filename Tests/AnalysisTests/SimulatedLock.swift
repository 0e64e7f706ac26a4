import Foundation
import Measures
import TraceFormat

/// A lock with customers, simulated event by event with nothing of the analyzer's: what a kernel
/// would trace of it, and the truth.
struct SimulatedLock: Sendable {
  /// Customers, one a CPU.
  var customers = 4
  /// Locks among which each acquisition chooses evenly.
  var instances = 1
  /// Classes by how often they are chosen, each a static variable `class0`, `class1`, ...
  ///
  /// with `instances` locks in it, held `holdFactors` times as long.
  var shares = [1.0]
  var holdFactors = [1.0]
  /// Mean think time in nanoseconds, exponential.
  var think = 10_000.0
  /// Draws a hold in nanoseconds.
  var hold: @Sendable (inout SeededGenerator) -> Double = { -1_000 * log(1 - $0.unit()) }
  /// Whether the first waiter of a lock is traced.
  var tracesFirstWaiter = true
  /// Chance that an event is lost.
  var loss = 0.0
  /// Acquisitions to simulate.
  var acquisitions = 60_000
  /// LCB_F flags.
  var flags = LockFlags.spin
  /// Added to every lock's address.
  var base: UInt64 = 0x1000

  /// What came of it.
  struct Outcome {
    var trace: RecordedTrace
    var meanHold: Double
    var meanThink: Double
    /// Acquisitions per second.
    var rate: Double
    /// By class.
    var holds: [Double]
    var rates: [Double]
  }

  /// Simulates.
  func run(seed: UInt64) -> Outcome {
    var generator = SeededGenerator(seed: seed)
    var events: [Event] = []
    var heap: [(time: Double, customer: Int, releases: Bool)] = []
    let locks = instances * shares.count
    var queues = Array(repeating: [Int](), count: locks)
    var (classHolds, classDone) = (shares.map { _ in 0.0 }, shares.map { _ in 0.0 })
    var waited = Array(repeating: false, count: customers)
    var wants = Array(repeating: 0, count: customers)
    var (holds, thinks, done, now) = (0.0, 0.0, 0, 0.0)
    func exponential(_ mean: Double, _ generator: inout SeededGenerator) -> Double {
      -mean * log(1 - generator.unit())
    }
    func emit(_ kind: EventKind, _ customer: Int, _ generator: inout SeededGenerator) {
      guard loss == 0 || generator.unit() >= loss else { return }
      events.append(
        Event(
          time: TraceTime(nanosecondsSinceBoot: 1_000_000_000 + UInt64(now)),
          cpu: UInt16(customer), task: TaskID(Int32(100 + customer)), kind: kind,
          a: base + UInt64(wants[customer]) * 64,
          value: kind == .contentionBegin ? flags.rawValue : 0))
    }
    func chosen(_ generator: inout SeededGenerator) -> Int {
      var rest = generator.unit() * shares.reduce(0, +)
      for (index, share) in shares.enumerated() {
        rest -= share
        if rest < 0 { return index }
      }
      return shares.count - 1
    }
    for customer in 0..<customers {
      heap.append((exponential(think, &generator), customer, false))
    }
    while done < acquisitions {
      let next = heap.indices.min { heap[$0].time < heap[$1].time } ?? 0
      let (time, customer, releases) = heap.remove(at: next)
      now = time
      func own(_ customer: Int) {
        let lockClass = wants[customer] / instances
        let span = hold(&generator) * holdFactors[lockClass]
        holds += span
        classHolds[lockClass] += span
        classDone[lockClass] += 1
        done += 1
        heap.append((now + span, customer, true))
      }
      if releases {
        let lock = wants[customer]
        queues[lock].removeFirst()
        if let heir = queues[lock].first {
          if waited[heir] { emit(.contentionEnd, heir, &generator) }
          own(heir)
        }
        let span = exponential(think, &generator)
        thinks += span
        heap.append((now + span, customer, false))
      } else {
        let lock = chosen(&generator) * instances + generator.index(below: instances)
        wants[customer] = lock
        let ahead = queues[lock].count
        queues[lock].append(customer)
        waited[customer] = ahead > (tracesFirstWaiter ? 0 : 1)
        if ahead == 0 {
          own(customer)
        } else if waited[customer] {
          emit(.contentionBegin, customer, &generator)
        }
      }
    }
    var facts = TraceFacts.unknown
    facts.regimes = [
      "spinlock": tracesFirstWaiter ? "every waiter (paravirt)" : "first waiter untraced"
    ]
    return Outcome(
      trace: RecordedTrace(
        facts: facts, events: events,
        symbols: shares.indices.map {
          SymbolRecord(
            address: base + UInt64($0 * instances) * 64, size: UInt32(instances) * 64,
            type: UInt8(ascii: "d"), name: "class\($0)")
        }), meanHold: holds / Double(done),
      meanThink: thinks / Double(done), rate: Double(done) * 1e9 / now,
      holds: zip(classHolds, classDone).map { $0 / $1 }, rates: classDone.map { $0 * 1e9 / now })
  }
}
