import Testing
import TraceFormat

@testable import Recording

@Suite("Per-CPU areas")
struct PerCPUAreasTests {
  static let variables = [
    KernelTypes.PerCPUVariable(name: "timer_bases", offset: 0x100, size: 0x40),
    KernelTypes.PerCPUVariable(name: "runqueues", offset: 0x1000, size: 0xe00),
  ]

  @Test("one run queue's address places every variable of its CPU")
  func placing() throws {
    var areas = PerCPUAreas(variables: Self.variables, cpus: 2)
    #expect(areas.variable(at: 0xffff_8886_27c0_1100) == nil)
    areas.locate(cpu: 1, runQueue: 0xffff_8886_27d0_1000)
    areas.locate(cpu: 0, runQueue: 0xffff_8886_27c0_1000)
    let timer = try #require(areas.variable(at: 0xffff_8886_27d0_0120))
    #expect(timer.cpu == 1)
    #expect(timer.symbol.name == "timer_bases [cpu1]")
    #expect(timer.symbol.address == 0xffff_8886_27d0_0100)
    #expect(areas.variable(at: 0xffff_8886_27c0_1000)?.symbol.name == "runqueues [cpu0]")
    #expect(areas.variable(at: 0xffff_8886_27c0_0140) == nil)
    #expect(areas.variable(at: 0xffff_8886_27c0_1e00) == nil)
  }

  @Test("without the run queues in BTF nothing is named")
  func absent() {
    var areas = PerCPUAreas(variables: [], cpus: 1)
    areas.locate(cpu: 0, runQueue: 0xffff_8886_27c0_1000)
    #expect(areas.variable(at: 0xffff_8886_27c0_1000) == nil)
  }
}
