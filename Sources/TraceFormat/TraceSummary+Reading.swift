import Measures

extension TraceSummary {
  /// Reads all events of `reader` from the first one on, to count them and to find what is damaged.
  public init(reading reader: inout TraceReader) throws(TraceError) {
    reader.rewind()
    var byKind = [UInt64](repeating: 0, count: 256)
    var byCPU = [UInt64](repeating: 0, count: (reader.facts.topology.online.max() ?? -1) + 1)
    var fired: [Firing] = []
    var batch: [Event] = []
    while try reader.nextBatch(into: &batch) {
      for event in batch {
        byKind[Int(event.kind.rawValue)] += 1
        if event.kind == .trigger, fired.count < 64 { fired.append(Firing(event)) }
        let cpu = Int(event.cpu)
        if cpu >= byCPU.count {
          byCPU.append(contentsOf: repeatElement(0, count: cpu + 1 - byCPU.count))
        }
        byCPU[cpu] += 1
      }
    }
    self.init(reader, byKind: byKind, byCPU: byCPU)
    triggers = reader.facts.triggers
    if triggers != nil { self.fired = fired }
  }

  private init(_ reader: borrowing TraceReader, byKind: [UInt64], byCPU: [UInt64]) {
    let facts = reader.facts
    writer = facts.writer
    command = facts.command
    kernel = facts.kernel.release
    machine = facts.kernel
    cpus =
      facts.topology.online.isEmpty ? byCPU.count { $0 > 0 } : facts.topology.online.count
    durationNanoseconds = Self.duration(facts.clock, times: reader.times)
    let total = byCPU.reduce(0, +)
    var byType: [String: UInt64] = [:]
    for kind in EventKind.allCases where byKind[Int(kind.rawValue)] > 0 {
      byType[kind.name] = byKind[Int(kind.rawValue)]
    }
    events = EventCounts(total: total, byType: byType, byCPU: byCPU)
    let damagedEvents = reader.damaged.reduce(UInt64(0)) { $0.saturatingAdding($1.events) }
    lost = LossCounts(
      events: reader.losses.lost.saturatingAdding(damagedEvents),
      suppressed: reader.losses.suppressed, damaged: damagedEvents,
      byCPU: reader.losses.records.map {
        Loss(
          cpu: $0.cpu, type: $0.kind.name, lost: $0.lost, suppressed: $0.suppressed,
          firstNanoseconds: $0.first.nanosecondsSinceBoot,
          lastNanoseconds: $0.last.nanosecondsSinceBoot)
      })
    aggregated = [:]
    for record in reader.aggregates where record.histogram.isEmpty {
      let sum = aggregated[record.kind.name, default: 0]
      aggregated[record.kind.name] = sum.saturatingAdding(record.count)
    }
    isProfile = facts.profile ?? false
    regimes = facts.regimes
    requested = facts.events
    filters = facts.filters
    cpuChanges = facts.cpuChanges
    recorderCost = facts.cost
    switch reader.ending {
    case .complete: ending = "complete"
    case .cut(let at, let ignored):
      ending = "cut"
      cut = Cut(atByte: at, ignoredBytes: ignored)
    }
    damaged = reader.damaged.map {
      Damage(
        atByte: $0.offset, bytes: $0.length, reason: $0.reason.rawValue, cpu: $0.cpu,
        events: $0.events, firstNanoseconds: $0.times?.lowerBound.nanosecondsSinceBoot,
        lastNanoseconds: $0.times?.upperBound.nanosecondsSinceBoot)
    }
    sizeBytes = reader.byteCount
    bytesPerEvent = total == 0 ? 0 : Double(reader.byteCount) / Double(total)
  }

  /// By the recording's clock where it was read at both ends, else from its start (or the first
  /// event) to the last event.
  private static func duration(_ clock: ClockFacts, times: ClosedRange<TraceTime>?) -> UInt64 {
    let first = times?.lowerBound.nanosecondsSinceBoot ?? 0
    let last = times?.upperBound.nanosecondsSinceBoot ?? 0
    let start = clock.startMonotonic == 0 ? first : clock.startMonotonic
    let end = clock.endMonotonic == 0 ? last : clock.endMonotonic
    return end >= start ? end - start : 0
  }
}

extension TraceSummary.Firing {
  fileprivate init(_ event: Event) {
    cause = TriggerCause(rawValue: event.value)?.name ?? "unknown"
    timeNanoseconds = event.time.nanosecondsSinceBoot
    latencyNanoseconds = event.b
    cpu = event.cpu
    task = event.task.rawValue
    object = event.a
  }
}
