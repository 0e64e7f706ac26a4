import Measures
import Queueing
import Testing
import Workloads

/// One lock of the whole image, saturated by 16 CPUs that each think ten hold times.
@Suite("Search over layouts")
struct LayoutSearchTests {
  static func search(
    crossing: Double = 0.01, scope: Scope = .image, named: [Layout] = []
  ) throws -> LayoutSearch {
    let workload = Workload(
      name: "saturated", recordedCPUs: 1, classes: [EngineTests.lock("a", scope: scope)],
      tasks: [
        TaskGroup(
          name: "t", count: 1,
          loop: [
            .run(EngineTests.exponential(10_000)),
            EngineTests.take("a", EngineTests.exponential(1_000)),
          ])
      ])
    return try LayoutSearch(
      workload, on: EngineTests.machine, cpus: 16, load: .replicate, crossing: crossing,
      named: named)
  }

  @Test("it tries every size, each cut that differs, the fixes of what waits, and what is named")
  func candidates() throws {
    // A core is one CPU and 64 cores share an island, so that the cuts are 1x or no cut.
    let names = try Self.search(named: [Layout("4x+place=process")]).candidates.map(\.layout.name)
    #expect(
      names.sorted() == [
        "1x", "2x", "4x", "4x+place=process", "8x", "one+broadcast-tlb", "one+numa-handover",
        "one+percpu:a", "one+shard:a=16", "one+split:a@l3",
      ])
  }

  @Test("an OSlet a CPU without crossings does N / (z + h), and one image 1 / h at most")
  func throughput() throws {
    let search = try Self.search(crossing: 0)
    let single = try #require(search.candidates.first { $0.layout.name == "1x" })
    #expect(abs(single.point.throughputPerSecond.value / (16 * 1e9 / 11_000) - 1) < 1e-6)
    #expect(search.control.point.throughputPerSecond.value < 1e6)
    #expect(single.oslets == 16)
  }

  @Test("nothing on the front is beaten, and all else is, by something on it")
  func front() throws {
    let search = try Self.search()
    let front = search.front(of: .everything)
    #expect(!front.isEmpty)
    for one in search.candidates + [search.control] {
      #expect(front.contains(one) == !front.contains { one.isDominated(by: $0) })
    }
  }

  @Test("the smallest change is within one image where a fix takes the gain")
  func smallest() throws {
    let search = try Self.search()
    let change = try #require(search.smallestChange(taking: 0.9, of: .everything))
    #expect(change.oslets == 1)
    #expect(["one+percpu:a", "one+shard:a=16"].contains(change.layout.name))
    let base = search.control.point.throughputPerSecond.value
    let best = try #require(search.candidates.first).point.throughputPerSecond.value
    #expect(change.point.throughputPerSecond.value - base >= 0.9 * (best - base))
    #expect(try Self.search(scope: .task).smallestChange(taking: 0.9, of: .everything) == nil)
  }

  @Test("among layouts alone the front trades throughput against crossings and images")
  func layouts() throws {
    let search = try Self.search()
    let front = search.front(of: .layouts)
    #expect(front.contains(search.control))
    #expect(front.count > 2, "a larger OSlet crosses as much, but makes fewer images")
    #expect(front.allSatisfy { $0.oslets > 1 || $0 == search.control })
    let change = try #require(search.smallestChange(taking: 0.9, of: .layouts))
    #expect(change.oslets > 1)
    let base = search.control.point.throughputPerSecond.value
    let best = try #require(search.candidates.first { $0.oslets > 1 }).point
      .throughputPerSecond.value
    #expect(change.point.throughputPerSecond.value - base >= 0.9 * (best - base))
    let smaller = search.candidates.filter { $0.oslets > 1 && $0.oslets < change.oslets }
    #expect(
      smaller.allSatisfy { $0.point.throughputPerSecond.value - base < 0.9 * (best - base) })
  }
}
