extension Findings: Encodable {
  /// The schema written.
  public static let schema = "oslet.analysis/1"

  private enum Key: String, CodingKey {
    case owners
    case schema, cpus, events, lost, pairing, ceiling, classes, locks, callers, tasks, processes
    case cgroups, ipi, tlb, activity, aggregated, recorder
    case durationNs = "duration_ns"
    case eventsByKind = "events_by_type"
    case cpuRows = "waits_by_cpu"
    case cpuTimes = "cpu_time"
    case wakeUps = "wake_ups"
  }

  /// Writes the document.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(durationNs, forKey: .durationNs)
    try container.encode(cpus, forKey: .cpus)
    try container.encode(events, forKey: .events)
    try container.encode(eventsByKind, forKey: .eventsByKind)
    try container.encode(lost, forKey: .lost)
    try container.encodeIfPresent(aggregated, forKey: .aggregated)
    try container.encode(pairing, forKey: .pairing)
    try container.encode(owners, forKey: .owners)
    try container.encode(ceiling, forKey: .ceiling)
    try container.encode(classes, forKey: .classes)
    try container.encode(locks, forKey: .locks)
    try container.encode(callers, forKey: .callers)
    try container.encode(tasks, forKey: .tasks)
    try container.encode(processes, forKey: .processes)
    try container.encode(cgroups, forKey: .cgroups)
    try container.encode(cpuRows, forKey: .cpuRows)
    try container.encode(cpuTimes, forKey: .cpuTimes)
    try container.encode(ipi, forKey: .ipi)
    try container.encode(tlb, forKey: .tlb)
    try container.encode(activity, forKey: .activity)
    try container.encode(wakeUps, forKey: .wakeUps)
    try container.encode(recorder, forKey: .recorder)
  }
}
