import ArgumentParser
import Measures
import Recording
import Reporting
import TraceFormat

/// `oslet record`: from the kernel to a trace.
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Records lock contention, IPIs and scheduling, system-wide, into a trace.",
    discussion: """
      Ends after -d seconds, with the command, or on Ctrl-C or SIGTERM; the trace is whole in every \
      case. The previous oslet.data becomes oslet.data.old. Exits with the command's status, or \
      with 5 when more events were missed than --max-loss allows.
      """)

  @Option(name: [.short, .long], help: "The trace file; - streams to standard output.")
  var output = "oslet.data"

  @Option(name: [.customShort("d"), .long], help: "Seconds to record.")
  var duration: Double?

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @Option(
    name: [.customShort("m"), .customLong("log-size")],
    help: "Bytes of each CPU's log, with K or M; by default sized to 32 MiB in all.")
  var logSize: ByteCount?

  @Option(
    help: ArgumentHelp(
      "Event groups to record, comma-separated; -x leaves x out.",
      discussion: "all, " + EventGroup.allCases.map(\.rawValue).joined(separator: ", ")))
  var events: String?

  @OptionGroup(title: "Parts of a recording") var flight: FlightOptions

  @Flag(
    help: ArgumentHelp(
      "Write kernel addresses as other numbers, for a trace to be shown to others.",
      discussion: "Locks keep their identity and functions their names."))
  var hideAddresses = false

  @Option(
    name: .customLong("drain-cpu"),
    help: ArgumentHelp(
      "Drain the logs on this CPU.",
      discussion: "By default on any that is not isolated (isolcpus, nohz_full)."))
  var drainCPU: Int?

  @Flag(
    help: ArgumentHelp(
      "Add up waits by lock and caller in the kernel, and record no event.",
      discussion: "Where a trace would be too much; events are lock alone unless given."))
  var profile = false

  @Flag(
    inversion: .prefixedNo,
    help: "Add up waits and count events while a CPU's log is nearly full, rather than lose them.")
  var degrade = true

  @Option(help: "The largest share of events that may be missing before the exit status is 5.")
  var maxLoss = 0.01

  @Flag(name: [.short, .long], help: "No progress and no summary.")
  var quiet = false

  @Argument(parsing: .postTerminator, help: "A command to run while recording, after --.")
  var command: [String] = []

  func validate() throws {
    if let duration, !(duration > 0 && duration < 1e9) {
      throw ValidationError("-d wants a positive number of seconds")
    }
  }

  func run() throws {
    let options = try options()
    let showProgress = !quiet && errorIsTerminal
    let summary: RecordSummary
    do throws(RecordError) {
      summary = try RecordSession.run(options) { progress in
        if showProgress { writeError("\r\u{1B}[K" + describe(progress)) }
      }
    } catch {
      if showProgress { writeError("\r\u{1B}[K") }
      throw ToolFailure(error)
    }
    if showProgress { writeError("\r\u{1B}[K") }
    if !quiet { writeError(describe(summary) + "\n") }
    if summary.missingShare > maxLoss {
      throw ToolFailure(
        "\(NumberText.percent(summary.missingShare)) of the events are missing, more than --max-loss "
          + "allows (\(NumberText.percent(maxLoss))); what was recorded is in \(summary.output)",
        status: .incompleteData)
    }
    if let child = summary.child, child.exitStatus != 0 {
      throw ExitStatus(code: child.exitStatus)
    }
  }

  private func options() throws(ToolFailure) -> RecordOptions {
    var options = RecordOptions()
    options.output = output
    options.duration = duration.map { .seconds($0) }
    try flight.apply(to: &options)
    try filters.apply(to: &options)
    options.bytesPerCPU = logSize?.bytes
    do throws(RecordError) {
      if let events { options.events = try EventGroup.parse(events) }
    } catch {
      throw ToolFailure(error)
    }
    options.hidesAddresses = hideAddresses
    options.drainCPU = drainCPU
    options.dropsPrivileges = true
    options.profile = profile
    if profile && events == nil { options.events = [.lock] }
    options.aggregatesUnderLoad = degrade
    options.command = command
    options.commandLine = CommandLine.arguments
    options.writer = "oslet \(toolVersion)"
    return options
  }

  private func describe(_ progress: RecordProgress) -> String {
    let seconds = Int(progress.elapsed.seconds)
    let megabytes = NumberText.fixed(Double(progress.bytes) / 1_048_576, decimals: 1)
    return "recording \(seconds) s: \(progress.events) events, \(megabytes) MiB, "
      + "\(progress.lost) lost, \(progress.suppressed) suppressed, "
      + "fullest log \(Int(progress.fullestLog * 100)) %"
  }

  private func describe(_ summary: RecordSummary) -> String {
    let megabytes = NumberText.fixed(Double(summary.bytes) / 1_048_576, decimals: 1)
    var line =
      "recorded \(summary.events) events in \(NumberText.fixed(summary.duration.seconds, decimals: 1)) s, "
      + "\(megabytes) MiB in \(summary.output); lost \(summary.lost), "
      + "suppressed \(summary.suppressed)"
    if summary.aggregated > 0 { line += ", aggregated \(summary.aggregated)" }
    if summary.end == .trigger { line = "a trigger fired: " + line }
    let cpus = Set(summary.losses.filter { $0.lost > 0 }.map(\.cpu)).sorted()
    if !cpus.isEmpty { line += " on CPUs " + cpus.map(String.init).joined(separator: ",") }
    let cost = summary.cost
    if cost.nanosecondsPerEvent == 0 { return line + "; what the probes cost is not known" }
    return line + "; probes cost \(Int(cost.nanosecondsPerEvent)) ns an event, "
      + "\(NumberText.fixed(cost.cpuShare * 100, decimals: 2)) % of the CPUs"
  }
}
