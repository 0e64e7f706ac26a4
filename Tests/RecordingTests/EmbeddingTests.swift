import Testing
import TraceFormat

@testable import Recording

@Suite("Embedded probes")
struct EmbeddingTests {
  @Test("base64 as in RFC 4648, section 10")
  func vectors() {
    #expect(Base64.decode("") == [])
    #expect(Base64.decode("Zg==") == Array("f".utf8))
    #expect(Base64.decode("Zm8=") == Array("fo".utf8))
    #expect(Base64.decode("Zm9v") == Array("foo".utf8))
    #expect(Base64.decode("Zm9vYmFy") == Array("foobar".utf8))
    #expect(Base64.decode("+/+/") == [0xfb, 0xff, 0xbf])
    #expect(Base64.decode("Zg=") == nil)
    #expect(Base64.decode("Z$==") == nil)
  }

  @Test("the binary carries a BPF object")
  func object() throws {
    let image = try #require(Base64.decode(embeddedProbes))
    #expect(image.prefix(4) == [0x7f, 0x45, 0x4c, 0x46])
    // e_machine of ELF64, little endian: EM_BPF is 247.
    #expect(image[18] == 247)
  }

  @Test("what the probes cost, from the kernel's figures")
  func cost() throws {
    let meter = CostMeter(emptyProgram: -1, statistics: try StatisticsSwitch(apart: false))
    var counts = [UInt64](repeating: 0, count: 24)
    counts[1] = 1000
    counts[2] = 1000
    let cost = meter.cost(
      [
        ProgramStatistics(program: "contention_begin", runs: 100, time: 12_000, recursed: 0),
        ProgramStatistics(program: "contention_end", runs: 100, time: 11_000, recursed: 0),
        ProgramStatistics(program: "tlb_flush", runs: 0, time: 0, recursed: 0),
      ],
      empty: ProgramStatistics(program: "empty", runs: 10, time: 500, recursed: 0),
      counts: counts, systemCalls: 0, stackTime: 10_000, ownTime: 20_000, available: 1_000_000)
    #expect(cost.byProgram["contention_begin"] == 70)
    #expect(cost.byProgram["contention_end"] == 60)
    #expect(cost.byProgram["tlb_flush"] == nil)
    // (1000 x 70 + 1000 x 60 + 10,000 of stacks) / 2000 events.
    #expect(cost.nanosecondsPerEvent == 70)
    #expect(cost.cpuShare == 0.16)
  }
}
