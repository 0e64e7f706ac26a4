extension LockClass: Codable {
  private enum Key: String, CodingKey {
    case name, kind, scope, instances, lines, group
    case demandError = "demand_error"
    case narrowest = "scope_at_least"
    case widest = "scope_at_most"
  }

  /// Reads one object of `classes`; scope defaults to image, instances to 1, lines to 0.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let spelled = try container.decode(String.self, forKey: .kind)
    guard let (kind, mode) = Self.kind(spelled: spelled) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription:
          "'\(spelled)' is no lock kind; known: "
          + LockKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.init(
      name: try container.decode(String.self, forKey: .name), kind: kind, mode: mode,
      scope: try container.decodeIfPresent(Scope.self, forKey: .scope) ?? .image,
      instances: try container.decodeIfPresent(Int.self, forKey: .instances) ?? 1,
      lines: try container.decodeIfPresent(Double.self, forKey: .lines) ?? 0,
      group: try container.decodeIfPresent(String.self, forKey: .group))
    demandError = try container.decodeIfPresent(Double.self, forKey: .demandError) ?? 0
    narrowest = try container.decodeIfPresent(Scope.self, forKey: .narrowest)
    widest = try container.decodeIfPresent(Scope.self, forKey: .widest)
  }

  /// Writes the form that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(kindName, forKey: .kind)
    try container.encode(scope, forKey: .scope)
    try container.encode(instances, forKey: .instances)
    try container.encode(lines, forKey: .lines)
    try container.encodeIfPresent(group, forKey: .group)
    if demandError > 0 { try container.encode(demandError, forKey: .demandError) }
    try container.encodeIfPresent(narrowest, forKey: .narrowest)
    try container.encodeIfPresent(widest, forKey: .widest)
  }

  /// The kind and mode spelled `spinlock`, `rwsem:R`, `rwlock:W`; perf's names are read as well
  /// (`pcpu-sem`, `rwlock-rt`, `qspinlock`).
  ///
  /// Nil for a word that names no kind.
  public static func kind(spelled: String) -> (LockKind, LockMode)? {
    let parts = spelled.split(separator: ":", omittingEmptySubsequences: false)
    let mode: LockMode
    switch parts.count == 2 ? parts[1] : "W" {
    case "R": mode = .read
    case "W": mode = .write
    default: return nil
    }
    guard let base = parts.first, parts.count <= 2 else { return nil }
    let synonyms: [Substring: LockKind] = [
      "qspinlock": .spinlock, "queued_spinlock": .spinlock, "ticket_spinlock": .ticket,
      "pcpu-sem": .percpuRwsem, "rwlock-rt": .rtmutex,
    ]
    guard let kind = LockKind(rawValue: String(base)) ?? synonyms[base] else { return nil }
    return (kind, mode)
  }
}
