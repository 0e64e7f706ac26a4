extension Layout {
  /// The long form with every default spelled out: what `init(yaml:)` reads back to this layout.
  ///
  /// Same layout, same bytes.
  public var yaml: String {
    var lines = ["schema: \(Self.schema)", "name: \(quoted(name))", "partition:"]
    lines += partition.yamlLines.map { "  \($0)" }
    lines.append(services.isEmpty ? "services: []" : "services:")
    lines += services.map {
      "  - { group: \(quoted($0.group)), count: \($0.count), size: \($0.size) }"
    }
    lines.append(fixes.isEmpty ? "fixes: []" : "fixes:")
    lines += fixes.map { "  - { \($0.yamlFields) }" }
    lines.append(policies.isEmpty ? "policies: {}" : "policies:")
    for name in policies.keys.sorted() {
      lines.append("  \(quoted(name)): { \(policies[name]?.yamlFields ?? "") }")
    }
    lines += ["placement: \(placement.rawValue)", "# The first rule that matches a class decides."]
    lines.append(defaults.rules.isEmpty ? "defaults: []" : "defaults:")
    lines += defaults.rules.flatMap(\.yamlLines).map { "  \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The long form, followed by what it makes of the first `cpus` CPUs of `machine`: each OSlet
  /// with its CPUs, as comments.
  ///
  /// - Throws: `WorkloadError.range` when the machine is too small or the layout does not cover it.
  public func yaml(on machine: Machine, cpus count: Int) throws(WorkloadError) -> String {
    let cut = try OSletCut(self, machine: machine, count: count)
    var lines = ["# On \(count) CPUs of \(machine.name):"]
    for (index, oslet) in cut.oslets.enumerated() {
      let places = cut.cpus[oslet.cpus]
      let numbers = places.map { machine.topology.number(of: $0) }.sorted()
      let sockets = Set(places.map(\.socket)).sorted().map(String.init).joined(separator: ",")
      var line = "#   OSlet \(index): CPUs \(ranges(numbers)), socket \(sockets)"
      if let service = oslet.service { line += ", serves \(service)" }
      if case .hierarchy = partition, oslet.service == nil { line += ", group \(oslet.group)" }
      lines.append(line)
    }
    lines += cut.notes.map { "#   note: \($0)" }
    lines.append("# Messages are polled at service OSlets and notified at others by default.")
    return yaml + lines.joined(separator: "\n") + "\n"
  }
}

extension Partition {
  fileprivate var yamlLines: [String] {
    switch self {
    case .one: ["kind: one"]
    case .uniform(let count, let size):
      [
        "kind: uniform", "count: " + (count.map(String.init) ?? "null  # as many as fit"),
        "size: \(size)",
      ]
    case .topology(let cut): ["kind: topology", "cut: \(cut.rawValue)"]
    case .uneven(let sizes): ["kind: uneven", "sizes: \(sizes)"]
    case .hierarchy(let groups, let perGroup, let size, let broadcast):
      [
        "kind: hierarchy", "groups: \(groups)", "per_group: \(perGroup)",
        "size: " + (size.map(String.init) ?? "null  # what the CPUs in use give"),
        "broadcast: \(broadcast.rawValue)",
      ]
    }
  }
}

extension Fix {
  fileprivate var yamlFields: String {
    switch self {
    case .numaHandover: "fix: numa-handover"
    case .broadcastTLB: "fix: broadcast-tlb"
    case .shard(let name, let ways): "fix: shard, class: \(quoted(name)), ways: \(ways)"
    case .perCPU(let name): "fix: percpu, class: \(quoted(name))"
    case .lockless(let name): "fix: lockless, class: \(quoted(name))"
    case .split(let name, let cut):
      "fix: split, class: \(quoted(name)), cut: \(cut.rawValue)"
    }
  }
}

extension PolicyOverride {
  fileprivate var yamlFields: String {
    [
      sharing.map { "sharing: \($0.rawValue)" }, message.map { "message: \($0.rawValue)" },
      crossingShare.map { "crossing_share: \($0)" }, stripes.map { "stripes: \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }
}

extension PolicyTable.Rule {
  fileprivate var yamlLines: [String] {
    var lines = ["- sharing: \(sharing.rawValue)"]
    if let scope { lines.append("  scope: \(scope.rawValue)") }
    if let group { lines.append("  group: \(quoted(group))") }
    if !words.isEmpty { lines.append("  words: [\(words.map(quoted).joined(separator: ", "))]") }
    return lines + ["  reason: \(quoted(reason))"]
  }
}

/// A string as YAML reads it back: bare where it is a plain word, else in double quotes.
private func quoted(_ text: String) -> String {
  let plain =
    text.first?.isLetter == true
    && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-+/".contains($0)) }
    && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
  if plain { return text }
  var escaped = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": escaped += "\\\(scalar)"
    case "\n": escaped += "\\n"
    case "\t": escaped += "\\t"
    default:
      if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
        let digits = String(scalar.value, radix: 16)
        escaped += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
  }
  return "\"\(escaped)\""
}

/// Ascending numbers as the kernel lists CPUs: `0-3,8`.
private func ranges(_ numbers: [Int]) -> String {
  var parts: [(first: Int, last: Int)] = []
  for number in numbers {
    if let last = parts.last, last.last + 1 == number {
      parts[parts.count - 1].last = number
    } else {
      parts.append((number, number))
    }
  }
  return parts.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
    .joined(separator: ",")
}
