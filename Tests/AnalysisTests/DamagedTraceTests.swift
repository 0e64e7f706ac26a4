import Analysis
import Measures
import Testing
import TraceFormat
import Workloads

@Suite("Events that make no sense")
struct DamagedTraceTests {
  @Test("random bits in every field never trap, and the document can be written", arguments: 0..<8)
  func random(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var facts = TraceFacts.unknown
    facts.topology.online = [0, 1, 2, 3]
    var analyzer = Analyzer(facts: facts)
    let kinds = EventKind.allCases
    func number() -> UInt64 {
      switch generator.index(below: 4) {
      case 0: UInt64(generator.index(below: 8))
      case 1: UInt64.max - UInt64(generator.index(below: 3))
      case 2: UInt64(generator.index(below: 3)) << 63
      default: generator.next()
      }
    }
    for _ in 0..<4_000 {
      analyzer.add(
        Event(
          time: TraceTime(nanosecondsSinceBoot: number()),
          cpu: UInt16(truncatingIfNeeded: number()),
          task: TaskID(Int32(truncatingIfNeeded: number())),
          kind: kinds[generator.index(below: kinds.count)], a: number(), b: number(),
          c: number(), value: UInt32(truncatingIfNeeded: number()),
          stack: StackID(UInt32(truncatingIfNeeded: number()))))
    }
    let found = analyzer.finish(stacks: [], symbols: [], tasks: [], losses: [])
    #expect(found.lost.malformed > 0)
    #expect(try !encodeDocument(found).isEmpty)
    #expect(try !encodeDocument(found.workload(name: "noise")).isEmpty)
    for view in FindingsView.allCases { #expect(!found.csv(view).isEmpty) }
  }
}
