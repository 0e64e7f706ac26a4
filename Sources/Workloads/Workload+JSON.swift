public import FoundationEssentials

extension Workload: Codable {
  /// The schema written and read.
  public static let schema = "oslet.workload/1"

  private enum Key: String, CodingKey {
    case schema, name, classes, tasks, edges, measured
    case recordedCPUs = "recorded_cpus"
    case computingError = "computing_error"
    case unknownShare = "unknown_share"
  }

  /// Reads the document; names and ranges are `validated()`'s concern.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let found = try container.decode(String.self, forKey: .schema)
    guard found == Self.schema else {
      throw WorkloadError.schema(found: found, expected: Self.schema)
    }
    self.init(
      name: try container.decodeIfPresent(String.self, forKey: .name) ?? "workload",
      recordedCPUs: try container.decodeIfPresent(Int.self, forKey: .recordedCPUs) ?? 1,
      classes: try container.decodeIfPresent([LockClass].self, forKey: .classes) ?? [],
      tasks: try container.decode([TaskGroup].self, forKey: .tasks),
      edges: try container.decodeIfPresent([TaskEdge].self, forKey: .edges) ?? [],
      unknownShare: try container.decodeIfPresent(Double.self, forKey: .unknownShare) ?? 0,
      measured: try container.decodeIfPresent(MeasuredRun.self, forKey: .measured))
    computingError = try container.decodeIfPresent(Double.self, forKey: .computingError) ?? 0
  }

  /// Writes the document.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(name, forKey: .name)
    try container.encode(recordedCPUs, forKey: .recordedCPUs)
    try container.encode(classes, forKey: .classes)
    try container.encode(tasks, forKey: .tasks)
    if !edges.isEmpty { try container.encode(edges, forKey: .edges) }
    if computingError > 0 { try container.encode(computingError, forKey: .computingError) }
    if unknownShare > 0 { try container.encode(unknownShare, forKey: .unknownShare) }
    try container.encodeIfPresent(measured, forKey: .measured)
  }

  /// Parses and validates a workload file.
  ///
  /// - Throws: `WorkloadError` that names the place in the document.
  public init(json: Data) throws(WorkloadError) {
    self = try decodeDocument(Workload.self, from: json, what: "workload").validated()
  }
}
