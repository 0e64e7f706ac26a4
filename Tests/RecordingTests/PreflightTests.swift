import CBPF
import Glibc
import Testing

@testable import Recording

@Suite("Preflight")
struct PreflightTests {
  @Test("a refusal asks for permission, a rejection by the verifier for another kernel")
  func weights() {
    #expect(Preflight.weight(of: .missingCapabilities([.bpf])) == .notPermitted)
    #expect(Preflight.weight(of: .refused("bpf")) == .notPermitted)
    #expect(
      Preflight.weight(of: .probesRejected(reason: "invalid access", errno: EACCES))
        == .impossible)
    #expect(Preflight.weight(of: .kernelLacks("BTF")) == .impossible)
  }

  @Test("the probes declare both of their licenses")
  func license() throws {
    // Only compatible programs may read kernel memory (include/linux/license.h).
    let image = try #require(Base64.decode(embeddedProbes))
    let license = Array("Dual MIT/GPL".utf8) + [0]
    let found = image.indices.contains { image[$0...].starts(with: license) }
    #expect(found)
  }
}
