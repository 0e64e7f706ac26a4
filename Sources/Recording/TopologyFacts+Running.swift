import TraceFormat

extension TopologyFacts {
  /// The CPUs of this machine, from sysfs; numbers over the machine count from 0 in the order of
  /// the lowest CPU.
  static func running() -> TopologyFacts {
    let system = "/sys/devices/system"
    let online = KernelFile.cpuList("\(system)/cpu/online") ?? [0]
    let present = KernelFile.cpuList("\(system)/cpu/present") ?? online
    let count = max(online.last ?? 0, present.last ?? 0) + 1

    var node = [Int](repeating: 0, count: count)
    for name in KernelFile.names(in: "\(system)/node") where name.hasPrefix("node") {
      guard let number = Int(name.dropFirst(4)) else { continue }
      for cpu in KernelFile.cpuList("\(system)/node/\(name)/cpulist") ?? [] where cpu < count {
        node[cpu] = number
      }
    }
    return TopologyFacts(
      online: online,
      core: groups(count) { KernelFile.line("\(system)/cpu/cpu\($0)/topology/core_cpus_list") },
      cache: groups(count) { lastLevelCache("\(system)/cpu/cpu\($0)/cache") },
      node: node,
      socket: groups(count) {
        KernelFile.line("\(system)/cpu/cpu\($0)/topology/package_cpus_list")
          ?? KernelFile.line("\(system)/cpu/cpu\($0)/topology/core_siblings_list")
      })
  }

  /// Numbers CPUs that share a key; -1 where a CPU has none, as an unplugged one.
  static func groups(_ count: Int, key: (Int) -> String?) -> [Int] {
    var numbers: [String: Int] = [:]
    return (0..<count).map { cpu in
      guard let key = key(cpu) else { return -1 }
      if let number = numbers[key] { return number }
      let number = numbers.count
      numbers[key] = number
      return number
    }
  }

  /// Who shares the cache of the highest level that holds data.
  private static func lastLevelCache(_ folder: String) -> String? {
    var best: (level: Int, sharers: String)?
    for index in KernelFile.names(in: folder) where index.hasPrefix("index") {
      guard let level = KernelFile.number("\(folder)/\(index)/level"),
        KernelFile.line("\(folder)/\(index)/type") != "Instruction",
        let sharers = KernelFile.line("\(folder)/\(index)/shared_cpu_list")
      else { continue }
      if level > best?.level ?? 0 { best = (level, sharers) }
    }
    return best?.sharers
  }
}
