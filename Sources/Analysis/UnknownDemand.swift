import Measures
import Workloads

/// The waits that the workload's classes do not account for, as one lock.
///
/// At best each was on a lock of the waiter's own; at worst all were on one lock of the image. Played is
/// the best case; the worst is one bound of a prediction. A wait is taken for a hold, which it is longer
/// than in the mean where holds vary, and the rate follows as for any lock (docs/inference.md).
struct UnknownDemand: Sendable {
  /// The name of the class.
  static let name = "[unknown]"

  /// How long one is held, nanoseconds.
  let holdNs: Double
  private let classes: [Int]
  private let acquisitionsPerContention: Double
  private let spins: Bool

  /// The demand of `groups` on the `classes` of these numbers, over `duration` nanoseconds.
  init(_ groups: [TaskGrouping.Group], classes: [Int], cpus: Int, duration: Double) {
    func sum(_ part: (TaskGrouping.Group) -> [Double]) -> Double {
      groups.reduce(0) { all, group in classes.reduce(all) { $0 + part(group)[$1] } }
    }
    let contentions = sum(\.contentions)
    self.classes = contentions > 0 ? classes : []
    holdNs = contentions > 0 ? max(1, (sum(\.waits) / contentions).rounded()) : 0
    spins = sum(\.spins) * 2 >= sum(\.waits)
    acquisitionsPerContention =
      contentions > 0 && duration > 0
      ? ThinkTime(
        rate: contentions / duration, customers: max(2, cpus), regime: .everyWaiter,
        holds: ([holdNs], [1])
      ).acquisitionsPerContention : 1
  }

  /// Acquisitions of one group over the recording.
  func acquisitions(_ group: TaskGrouping.Group) -> Double {
    classes.reduce(0) { $0 + group.contentions[$1] } * acquisitionsPerContention
  }

  /// One acquisition.
  var step: Step { .acquire(Acquisition(Self.name, hold: .constant(Nanoseconds(holdNs)))) }

  /// The class: each task's own at best, the image's at worst.
  var lockClass: LockClass {
    var lock = LockClass(name: Self.name, kind: spins ? .spinlock : .mutex, scope: .task, lines: 1)
    lock.widest = .image
    return lock
  }
}
