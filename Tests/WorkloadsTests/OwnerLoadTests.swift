import Measures
import Testing
import Workloads

/// McKenney's two dangers of 2001, worked by hand: the owner that everybody asks, and OSlets with more to
/// do than others.
@Suite("Load of owners")
struct OwnerLoadTests {
  typealias Base = ScenarioTests

  /// Sixteen tasks of 1,000 ns and a lock held 100 ns: 909,091 turns a second each.
  static func load(_ layout: String, tasks: Int = 16) throws -> OwnerLoad {
    let steps: [Step] = [
      .run(.constant(Nanoseconds(1_000))),
      .acquire(Acquisition("a", hold: .constant(Nanoseconds(100)))),
    ]
    let workload = Base.workload(
      [Base.lock("a", .image)],
      tasks: [TaskGroup(name: "t", count: tasks, loop: steps)], recordedCPUs: tasks)
    return try Base.make(workload, layout, cpus: 16, load: .fixed).ownerLoad
  }

  /// Turns a second of one task.
  static let perTask = 1e9 / 1_100.0

  /// Expects a sum of `share` requests for every turn of the sixteen tasks.
  static func expect(_ load: OwnerLoad, _ share: Double) {
    let all = load.requestsPerSecond.reduce(0.0, +)
    let expected = share * 16 * perTask
    #expect(abs(all / expected - 1) < 1e-9)
  }

  @Test("one owner of four OSlets gets all requests of the three others")
  func owned() throws {
    let load = try Self.load("4x+owned:a")
    let expected = 12 * Self.perTask
    #expect(load.crowding == 1)
    let busiest = try #require(load.busiest)
    #expect(abs(load.requestsPerSecond[busiest.oslet] / expected - 1) < 1e-9)
    // Hold and half a polled round trip, on four CPUs.
    let served = 100 + Base.machine.message.polled.value / 2
    let share = expected * served / 1e9 / 4
    #expect(abs(busiest.share / share - 1) < 1e-9)
    #expect(busiest.share > 1, "it saturates")
    #expect(load.imbalance == 1)
  }

  @Test("stripes over all four share them evenly, three quarters of the acquisitions in all")
  func striped() throws {
    let load = try Self.load("4x+striped:a")
    #expect(abs(load.crowding - 0.25) < 1e-9)
    Self.expect(load, 0.75)
  }

  @Test("private classes ask nobody, crossing ones everybody else alike, replicated ones all")
  func others() throws {
    #expect(try Self.load("4x+private:a").busiest == nil)
    #expect(try Self.load("4x+shared:a").busiest == nil)
    let crossing = try Self.load("4x+private:a+cross:a=0.1")
    Self.expect(crossing, 0.1)
    let replicated = try Self.load("4x+replicated:a")
    Self.expect(replicated, 3)
  }

  @Test("tasks that do not divide evenly show as imbalance")
  func imbalance() throws {
    let load = try Self.load("4x", tasks: 5)
    // One OSlet has two of five tasks, the mean is five quarters.
    #expect(abs(load.imbalance - 2 / 1.25) < 1e-9)
  }
}
