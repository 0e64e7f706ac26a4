import TraceFormat

extension KernelSymbols {
  /// Reads the table of the running kernel.
  static func read(from path: String = "/proc/kallsyms") -> KernelSymbols {
    guard let text = KernelFile.bytes(path), !text.isEmpty else {
      return KernelSymbols(missing: "\(path) cannot be read")
    }
    return KernelSymbols(parsing: text)
  }

  /// Where the kernel's image lies, from `_stext` to the end of its zeroed data; nil where that
  /// cannot be told.
  ///
  /// Text, data and zeroed data are as far apart in memory as in the address space, so the
  /// physical ranges of /proc/iomem give the end.
  func image(physical: String? = KernelFile.text("/proc/iomem")) -> Range<UInt64>? {
    guard let start = range(named: "_stext")?.lowerBound else { return nil }
    func bounds(_ name: String) -> ClosedRange<UInt64>? {
      let line = physical?.split(separator: "\n").first { $0.hasSuffix(": \(name)") }
      let ends = line?.split(separator: " ").first?.split(separator: "-")
      guard let ends, ends.count == 2, let low = UInt64(ends[0], radix: 16),
        let high = UInt64(ends[1], radix: 16), high > low
      else { return nil }
      return low...high
    }
    guard let code = bounds("Kernel code"), let zeroed = bounds("Kernel bss"),
      zeroed.upperBound > code.lowerBound
    else { return nil }
    return start..<(start + (zeroed.upperBound - code.lowerBound) + 1)
  }
}
