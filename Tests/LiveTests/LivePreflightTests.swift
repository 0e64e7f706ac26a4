import Recording
import Testing

/// Whether this process may record here; asked once.
let canRecord = Preflight.run().canRecord

@Suite("Preflight, live")
struct LivePreflightTests {
  @Test("every obstacle says what it is and what to do about it")
  func findings() {
    let preflight = Preflight.run()
    #expect(preflight.canRecord == (preflight.obstacle == nil))
    #expect(preflight.findings.contains { $0.subject == "tracepoint contention_begin" })
    for finding in preflight.findings where finding.weight != .fine {
      #expect(!finding.state.isEmpty)
      #expect(!finding.consequence.isEmpty, "\(finding.subject)")
    }
  }
}
