import FoundationEssentials
import Measures
import Testing
import Workloads

@Suite("Workload file")
struct WorkloadFileTests {
  static let documented = """
    { "schema": "oslet.workload/1", "name": "two locks", "recorded_cpus": 2,
      "classes": [
        { "name": "a", "kind": "spinlock", "scope": "image", "instances": 1, "lines": 0 },
        { "name": "b", "kind": "rwsem:R", "scope": "process", "instances": 1, "lines": 2 } ],
      "tasks": [ { "name": "worker", "count": 2, "process": "w", "loop": [
        { "run_ns": { "dist": "exponential", "mean": 10000 } },
        { "acquire": "a", "hold_ns": { "dist": "constant", "value": 1000 } },
        { "run_ns": { "dist": "empirical", "values": [900, 1100, 4000], "weights": [5, 4, 1] } },
        { "acquire": "b", "hold_ns": { "dist": "exponential", "mean": 2000 } },
        { "ipi": { "targets": "mm", "function": "flush_tlb_func", "wait": true,
                   "handler_ns": { "dist": "constant", "value": 800 } } },
        { "operation": 1 } ] } ] }
    """

  @Test("the documented example reads, and reads again after it is written")
  func roundTrip() throws {
    let workload = try Workload(json: Data(Self.documented.utf8))
    #expect(workload.classes[1].kind == .rwsem && workload.classes[1].mode == .read)
    #expect(workload.tasks[0].loop.count == 6)
    let again = try Workload(json: encodeDocument(workload))
    #expect(again == workload)
    #expect(try encodeDocument(again) == encodeDocument(workload))
  }

  @Test(
    "what is wrong is named with its place",
    arguments: [
      ("\"acquire\": \"b\"", "\"acquire\": \"c\"", "step 4 of task 'worker' acquires 'c'"),
      ("\"count\": 2", "\"count\": 0", "task 'worker': count must be at least 1"),
      ("rwsem:R", "rwsem:Q", "classes[1].kind"),
      ("\"mean\": 10000", "\"mean\": -1", "tasks[0].loop[0].run_ns"),
      ("oslet.workload/1", "oslet.workload/9", "oslet.workload/9"),
      ("\"weights\": [5, 4, 1]", "\"weights\": [5]", "a weight each"),
      ("{ \"operation\": 1 }", "{ \"operate\": 1 }", "exactly one of"),
      ("\"schema\"", "schema", "workload:"),
    ])
  func refusals(from: String, to: String, says: String) {
    let bad = Self.documented.replacing(from, with: to)
    let error = #expect(throws: WorkloadError.self) { try Workload(json: Data(bad.utf8)) }
    #expect(error?.description.contains(says) == true, "\(String(describing: error))")
  }

  @Test("an empirical distribution draws its values in proportion to their weights")
  func empirical() throws {
    let made = try #require(
      Distribution.empirical(values: [900, 1_100, 4_000], weights: [5, 4, 1]))
    #expect(made.mean == Nanoseconds(1_290))
    var generator = SeededGenerator(seed: 11)
    var rare = 0
    for _ in 0..<100_000 where made.sample(&generator) == 4_000 { rare += 1 }
    #expect((9_700...10_300).contains(rare))
  }
}
