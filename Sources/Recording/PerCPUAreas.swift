import TraceFormat

/// Names of per-CPU variables, of which kallsyms knows one offset or none.
///
/// Each CPU's area lies at an offset that the kernel does not publish; but a probe reads the
/// address of this CPU's run queue, BTF tells the offset of `runqueues` in the per-CPU section
/// and those of all others, and so every variable of every CPU that switched a task once has its
/// address.
struct PerCPUAreas: Sendable {
  private let variables: [KernelTypes.PerCPUVariable]
  private let runQueueOffset: UInt64?
  /// The start of each CPU's copy of the section; 0 until known.
  private var bases: [UInt64]

  /// The areas of `cpus` CPUs, with the variables that BTF lists.
  init(variables: [KernelTypes.PerCPUVariable], cpus: Int) {
    self.variables = variables
    runQueueOffset = variables.first { $0.name == "runqueues" }?.offset
    bases = [UInt64](repeating: 0, count: cpus)
  }

  /// Learns where a CPU's run queue is.
  mutating func locate(cpu: Int, runQueue: UInt64) {
    guard let runQueueOffset, runQueue > runQueueOffset, bases.indices.contains(cpu) else { return }
    bases[cpu] = runQueue - runQueueOffset
  }

  /// The variable that holds an address, with the CPU whose copy it is.
  ///
  /// O(CPUs + log variables).
  func variable(at address: UInt64) -> (cpu: Int, symbol: SymbolRecord)? {
    guard let last = variables.last else { return nil }
    let length = last.offset + UInt64(last.size)
    guard let cpu = bases.firstIndex(where: { $0 != 0 && address >= $0 && address - $0 < length })
    else { return nil }
    let offset = address - bases[cpu]
    guard let variable = variables.last(where: { $0.offset <= offset }),
      offset - variable.offset < UInt64(variable.size)
    else { return nil }
    // Type `d`: initialised data, as kallsyms would call it.
    let symbol = SymbolRecord(
      address: bases[cpu] + variable.offset, size: variable.size, type: UInt8(ascii: "d"),
      name: "\(variable.name) [cpu\(cpu)]")
    return (cpu, symbol)
  }
}
