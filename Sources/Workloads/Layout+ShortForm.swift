extension Layout {
  /// Parses the short form: `one`, `4x`, `256x4`, `4,4,8`, `by=l3`, `32x32/tree`, then any of
  /// `+fs:2x16`, fixes and policies; see docs/layouts.md.
  ///
  /// The layout is named by its canonical short form.
  ///
  /// - Throws: `WorkloadError.malformed`, naming the position and what is allowed there.
  public init(_ text: String) throws(WorkloadError) {
    var reader = ShortFormReader(text)
    self.init(partition: try Self.partition(&reader))
    while !reader.atEnd {
      try reader.expect("+", "'+' before the next part, or the end")
      try extend(&reader)
    }
    name = shortForm
  }

  private static func partition(_ reader: inout ShortFormReader) throws(WorkloadError) -> Partition
  {
    guard let first = reader.peek, first.isASCII, first.isNumber else {
      switch reader.word() {
      case "one": return .one
      case "by":
        try reader.expect("=", "'=' after by")
        return .topology(try reader.choice(of: TopologyCut.self, "the cut"))
      default:
        reader.back(to: 0)
        throw reader.error("a layout begins with one, 4x, 256x4, 4,4,8, by=l3 or 32x32/tree")
      }
    }
    let number = try reader.count("a number of CPUs or OSlets")
    if reader.take(",") {
      var sizes = [number]
      if reader.atEnd || reader.peek == "+" { return .uneven(sizes) }
      repeat { sizes.append(try reader.count("the CPUs of an OSlet")) } while reader.take(",")
      return .uneven(sizes)
    }
    try reader.expect("x", "'x' or ',' after the number")
    guard let next = reader.peek, next.isASCII, next.isNumber else {
      return .uniform(count: nil, size: number)
    }
    let second = try reader.count("the CPUs of an OSlet")
    var third: Int?
    if reader.take("x") { third = try reader.count("the CPUs of an OSlet") }
    if reader.take("/") {
      guard number * second <= ShortFormReader.mostCount else {
        throw reader.error("more than \(ShortFormReader.mostCount) OSlets")
      }
      return .hierarchy(
        groups: number, perGroup: second, size: third,
        broadcast: try reader.choice(of: Broadcast.self, "the broadcast"))
    }
    if third != nil { throw reader.error("expected /tree, /flat or /ring after three numbers") }
    return .uniform(count: number, size: second)
  }

  /// Reads one part after a `+`.
  private mutating func extend(_ reader: inout ShortFormReader) throws(WorkloadError) {
    let start = reader.position
    let word = reader.word()
    switch word {
    case "numa-handover": fixes.append(.numaHandover)
    case "broadcast-tlb": fixes.append(.broadcastTLB)
    case "place":
      try reader.expect("=", "'=' after place")
      placement = try reader.choice(of: Placement.self, "the placement")
    default:
      guard !word.isEmpty, reader.take(":") else {
        reader.back(to: start)
        throw reader.error(Self.allowedParts)
      }
      if try fix(word, &reader) { return }
      if try policy(word, &reader) { return }
      guard let next = reader.peek, next.isASCII, next.isNumber else {
        reader.back(to: start)
        throw reader.error("'\(word)' is no part of a layout; \(Self.allowedParts)")
      }
      guard !services.contains(where: { $0.group == word }) else {
        reader.back(to: start)
        throw reader.error("service '\(word)' is named twice")
      }
      let count = try reader.count("the number of service OSlets")
      try reader.expect("x", "'x' between the number of service OSlets and their CPUs")
      services.append(
        Service(group: word, count: count, size: try reader.count("the CPUs of a service OSlet")))
    }
  }

  private static let allowedParts =
    "a part is GROUP:2x16, numa-handover, broadcast-tlb, shard:CLASS=16, percpu:CLASS, "
    + "lockless:CLASS, split:CLASS@node, private:CLASS, owned:CLASS, door:CLASS, "
    + "replicated:CLASS, striped:CLASS=8, shared:CLASS, cross:CLASS=0.01, polled:CLASS, "
    + "notified:CLASS or place=spread"

  /// Reads the rest of a fix, if `word` begins one.
  private mutating func fix(
    _ word: String, _ reader: inout ShortFormReader
  ) throws(WorkloadError) -> Bool {
    switch word {
    case "shard":
      let name = try reader.name()
      try reader.expect("=", "'=' and the number of ways after the class")
      fixes.append(.shard(lockClass: name, ways: try reader.count("the number of ways")))
    case "percpu": fixes.append(.perCPU(lockClass: try reader.name()))
    case "lockless": fixes.append(.lockless(lockClass: try reader.name()))
    case "split":
      let name = try reader.name()
      try reader.expect("@", "'@' and the level after the class")
      fixes.append(
        .split(lockClass: name, cut: try reader.choice(of: TopologyCut.self, "the level")))
    default: return false
    }
    return true
  }

  /// Reads the rest of a policy, if `word` begins one.
  private mutating func policy(
    _ word: String, _ reader: inout ShortFormReader
  ) throws(WorkloadError) -> Bool {
    var change = PolicyOverride()
    let name: String
    switch word {
    case "private", "owned", "door", "replicated", "shared", "striped":
      change.sharing = word == "shared" ? .hardwareShared : ClassPolicy.Sharing(rawValue: word)
      name = try reader.name()
      if word == "striped", reader.take("=") {
        change.stripes = try reader.count("the number of stripes")
      }
    case "polled", "notified":
      change.message = ClassPolicy.Message(rawValue: word)
      name = try reader.name()
    case "cross":
      name = try reader.name()
      try reader.expect("=", "'=' and the share after the class")
      change.crossingShare = try reader.share("the crossing share")
    default: return false
    }
    var policy = policies[name] ?? PolicyOverride()
    policy.sharing = change.sharing ?? policy.sharing
    policy.stripes = change.sharing == nil ? policy.stripes : change.stripes
    policy.message = change.message ?? policy.message
    policy.crossingShare = change.crossingShare ?? policy.crossingShare
    policies[name] = policy
    return true
  }
}
