import Recording
import Testing

/// Whether this process may record here; asked once.
let canRecord = Preflight.run().canRecord

/// Tests that load probes into this kernel, where that is permitted; one at a time, since they load
/// the machine as well.
@Suite("Live", .serialized)
enum LiveTests {}

extension LiveTests {
  @Suite("Preflight")
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
}
