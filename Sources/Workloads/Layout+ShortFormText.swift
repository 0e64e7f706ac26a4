extension Layout {
  /// The canonical short form: what `init(_:)` reads back to the same layout, the defaults table and
  /// the name aside, which only the long form holds.
  public var shortForm: String {
    var parts = [partition.shortForm]
    parts += services.map { "\($0.group):\($0.count)x\($0.size)" }
    parts += fixes.map(\.shortForm)
    for name in policies.keys.sorted() {
      parts += policies[name]?.shortForms(of: quoted(name)) ?? []
    }
    if placement != .spread { parts.append("place=\(placement.rawValue)") }
    return parts.joined(separator: "+")
  }
}

extension Partition {
  /// The short form: `one`, `4x`, `256x4`, `by=l3`, `4,4,8`, `32x32/tree`.
  var shortForm: String {
    switch self {
    case .one: "one"
    case .uniform(let count, let size): count.map { "\($0)x\(size)" } ?? "\(size)x"
    case .topology(let cut): "by=\(cut.rawValue)"
    case .uneven(let sizes):
      sizes.map(String.init).joined(separator: ",") + (sizes.count == 1 ? "," : "")
    case .hierarchy(let groups, let perGroup, let size, let broadcast):
      "\(groups)x\(perGroup)" + (size.map { "x\($0)" } ?? "") + "/\(broadcast.rawValue)"
    }
  }
}

extension Fix {
  /// The short form: `numa-handover`, `shard:CLASS=16`.
  var shortForm: String {
    switch self {
    case .numaHandover: "numa-handover"
    case .shard(let name, let ways): "shard:\(quoted(name))=\(ways)"
    case .perCPU(let name): "percpu:\(quoted(name))"
    case .lockless(let name): "lockless:\(quoted(name))"
    case .broadcastTLB: "broadcast-tlb"
    case .split(let name, let cut): "split:\(quoted(name))@\(cut.rawValue)"
    }
  }
}

extension PolicyOverride {
  /// One part for each thing said: `owned:CLASS`, `notified:CLASS`.
  func shortForms(of name: String) -> [String] {
    var parts: [String] = []
    if let sharing {
      let word = sharing == .hardwareShared ? "shared" : sharing.rawValue
      parts.append("\(word):\(name)" + (stripes.map { "=\($0)" } ?? ""))
    }
    if let message { parts.append("\(message.rawValue):\(name)") }
    if let crossingShare { parts.append("cross:\(name)=\(crossingShare)") }
    return parts
  }
}

/// A class name as the short form reads it back: in double quotes where it holds a delimiter.
private func quoted(_ name: String) -> String {
  guard name.contains(where: { "+=@\"\\".contains($0) }) || name.isEmpty else { return name }
  let escaped = name.map { "\"\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  return "\"\(escaped)\""
}
