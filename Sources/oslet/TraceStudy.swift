import Analysis
import Measures
import TraceFormat
import Workloads

/// A trace read once from its first event to its last: what it says of itself and what it shows.
struct TraceStudy {
  let facts: TraceFacts
  let findings: Findings
  let losses: LossAccount
  let ending: TraceEnding
  let damaged: [DamagedRegion]

  /// Reads and analyzes the trace at `path`.
  ///
  /// - Throws: `ToolFailure` that names the file and the byte.
  init(path: String) throws(ToolFailure) {
    var reader = try openTrace(path)
    facts = reader.facts
    var analyzer = Analyzer(facts: reader.facts)
    var batch: [Event] = []
    do throws(TraceError) {
      while try reader.nextBatch(into: &batch) {
        for event in batch { analyzer.add(event) }
      }
    } catch {
      throw ToolFailure(error, in: path)
    }
    losses = reader.losses
    ending = reader.ending
    damaged = reader.damaged
    findings = analyzer.finish(
      stacks: reader.stacks.records, symbols: reader.symbols.records, tasks: reader.tasks.records,
      losses: reader.losses.records, aggregates: reader.aggregates)
  }

  /// What is missing by request or because it was counted in place of being recorded, a sentence each.
  var limits: [String] {
    var limits = facts.limits
    guard let aggregated = findings.aggregated else { return limits }
    let events = aggregated.eventsByKind.values.reduce(0, &+)
    if facts.profile ?? false {
      limits.append(
        "this is a profile: \(aggregated.waits) waits were added up in the kernel, and there is no event "
          + "to pair, replay or predict from")
    } else {
      limits.append(
        "\(events) events were counted in the kernel while logs were nearly full, "
          + "\(aggregated.waits) waits among them: they are in the totals of aggregated waits, and in no "
          + "hold, think time or replay")
    }
    return limits
  }

  /// Damaged places that have a line of their own.
  private static let mostRegions = 5

  /// One line for each thing that makes the trace less than whole, for standard error.
  var warnings: [String] {
    var lines = limits
    if case .cut(let at, let ignored) = ending {
      lines.append(
        "the trace was cut short at byte \(at); \(ignored) bytes after it are no whole block")
    }
    for region in damaged.prefix(Self.mostRegions) {
      let cpu = region.cpu.map { " of CPU \($0)" } ?? ""
      lines.append(
        "\(region.length) damaged bytes\(cpu) at byte \(region.offset) were skipped"
          + (region.events > 0 ? ", with \(region.events) events" : "")
          + ": \(region.reason.rawValue)")
    }
    let others = damaged.dropFirst(Self.mostRegions)
    if !others.isEmpty {
      let bytes = others.reduce(0) { $0 &+ $1.length }
      let events = others.reduce(0) { $0 &+ $1.events }
      lines.append(
        "\(others.count) more places were skipped, of \(bytes) bytes with \(events) events")
    }
    if losses.lost > 0 {
      lines.append("\(losses.lost) events were lost while recording; see `oslet info`")
    }
    return lines
  }

  /// Prints the warnings on standard error.
  func warn() {
    for line in warnings { writeError("oslet: warning: \(line)\n") }
  }
}
