extension Layout {
  /// The schema of the long form written and read.
  public static let schema = "oslet.layout/1"

  /// Parses the long form; see docs/layouts.md.
  ///
  /// Only `schema` and `partition` must be there; what is left out takes its default.
  ///
  /// - Throws: `WorkloadError`, naming the line, the key and what is allowed there.
  public init(yaml: String) throws(WorkloadError) {
    let fields = try YAMLReader(yaml).fields([
      "schema", "name", "partition", "services", "fixes", "policies", "placement", "defaults",
    ])
    let found = try fields.required("schema").string()
    guard found == Self.schema else { throw .schema(found: found, expected: Self.schema) }
    self.init(partition: try Partition(fields.required("partition")))
    if let table = fields["defaults"] { defaults = try PolicyTable(table) }
    for entry in try fields["services"]?.list() ?? [] {
      let service = try Service(entry)
      guard !services.contains(where: { $0.group == service.group }) else {
        throw entry.error("group '\(service.group)' is named twice")
      }
      services.append(service)
    }
    for entry in try fields["fixes"]?.list() ?? [] { fixes.append(try Fix(entry)) }
    for (key, value) in try fields["policies"]?.mapping(nil) ?? [] {
      policies[key] = try PolicyOverride(value)
    }
    placement = try fields["placement"]?.choice(of: Placement.self) ?? .spread
    name = try fields["name"]?.string() ?? shortForm
  }
}

extension Partition {
  private enum Kind: String, CaseIterable { case one, uniform, topology, uneven, hierarchy }

  fileprivate init(_ reader: YAMLReader) throws(WorkloadError) {
    let keys = ["kind", "count", "size", "cut", "sizes", "groups", "per_group", "broadcast"]
    let fields = try reader.fields(keys)
    let kind = try fields.required("kind").choice(of: Kind.self)
    let used: [String]
    switch kind {
    case .one:
      used = []
      self = .one
    case .uniform:
      used = ["count", "size"]
      self = .uniform(
        count: try fields["count"]?.count(), size: try fields.required("size").count())
    case .topology:
      used = ["cut"]
      self = .topology(try fields.required("cut").choice(of: TopologyCut.self))
    case .uneven:
      used = ["sizes"]
      var sizes: [Int] = []
      for entry in try fields.required("sizes").list() { sizes.append(try entry.count()) }
      guard !sizes.isEmpty else { throw reader.error("sizes needs at least one number") }
      self = .uneven(sizes)
    case .hierarchy:
      used = ["groups", "per_group", "size", "broadcast"]
      let groups = try fields.required("groups").count()
      let perGroup = try fields.required("per_group").count()
      guard groups * perGroup <= ShortFormReader.mostCount else {
        throw reader.error("more than \(ShortFormReader.mostCount) OSlets")
      }
      self = .hierarchy(
        groups: groups, perGroup: perGroup, size: try fields["size"]?.count(),
        broadcast: try fields.required("broadcast").choice(of: Broadcast.self))
    }
    for key in keys.dropFirst() where fields[key] != nil && !used.contains(key) {
      throw reader.error("a partition of kind \(kind.rawValue) has no '\(key)'")
    }
  }
}

extension Service {
  fileprivate init(_ reader: YAMLReader) throws(WorkloadError) {
    let fields = try reader.fields(["group", "count", "size"])
    self.init(
      group: try fields.required("group").string(), count: try fields["count"]?.count() ?? 1,
      size: try fields.required("size").count())
  }
}

extension Fix {
  private enum Kind: String, CaseIterable {
    case numaHandover = "numa-handover"
    case shard, percpu, lockless, split
    case broadcastTLB = "broadcast-tlb"
  }

  fileprivate init(_ reader: YAMLReader) throws(WorkloadError) {
    let fields = try reader.fields(["fix", "class", "ways", "cut"])
    switch try fields.required("fix").choice(of: Kind.self) {
    case .numaHandover: self = .numaHandover
    case .broadcastTLB: self = .broadcastTLB
    case .shard:
      self = .shard(
        lockClass: try fields.required("class").string(), ways: try fields.required("ways").count())
    case .percpu: self = .perCPU(lockClass: try fields.required("class").string())
    case .lockless: self = .lockless(lockClass: try fields.required("class").string())
    case .split:
      self = .split(
        lockClass: try fields.required("class").string(),
        cut: try fields.required("cut").choice(of: TopologyCut.self))
    }
  }
}

extension PolicyOverride {
  fileprivate init(_ reader: YAMLReader) throws(WorkloadError) {
    let fields = try reader.fields(["sharing", "message", "crossing_share", "stripes"])
    self.init(
      try fields["sharing"]?.choice(of: ClassPolicy.Sharing.self),
      message: try fields["message"]?.choice(of: ClassPolicy.Message.self),
      crossingShare: try fields["crossing_share"]?.share(),
      stripes: try fields["stripes"]?.count())
    if stripes != nil, sharing != .striped {
      throw reader.error("stripes needs 'sharing: striped'")
    }
  }
}

extension PolicyTable {
  fileprivate init(_ reader: YAMLReader) throws(WorkloadError) {
    var rules: [Rule] = []
    for entry in try reader.list() {
      let fields = try entry.fields(["words", "scope", "sharing", "group", "reason"])
      var words: [String] = []
      for word in try fields["words"]?.list() ?? [] { words.append(try word.string()) }
      rules.append(
        Rule(
          words: words, scope: try fields["scope"]?.choice(of: Scope.self),
          try fields.required("sharing").choice(of: ClassPolicy.Sharing.self),
          group: try fields["group"]?.string(), reason: try fields["reason"]?.string() ?? ""))
    }
    self.init(rules)
  }
}
