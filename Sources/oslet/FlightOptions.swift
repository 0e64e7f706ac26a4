import ArgumentParser
import Measures
import Recording

/// Options of `record` that leave parts of a recording: the flight recorder with its triggers, and
/// files that follow each other.
struct FlightOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Keep the latest events in memory, and write them at the end.",
      discussion: "SIGUSR2 writes them to FILE.1, FILE.2, ... and recording goes on."))
  var overwrite = false

  @Option(
    help: ArgumentHelp(
      "How much --overwrite and --trigger keep: 64M, 10s, or both as 10s,64M.",
      discussion: "32M of memory by default; with a time alone, at most 256M."))
  var keep: String?

  @Option(
    help: ArgumentHelp(
      "End a flight recording when something takes longer: wait>500us, ipi>1ms.",
      discussion: "May be given once for each. Keeps the latest events as --overwrite does."))
  var trigger: [String] = []

  @Option(help: "With --trigger: write FILE.1, FILE.2, ... up to this many, and go on.")
  var snapshots: Int?

  @Option(
    defaultAsFlag: "signal", parsing: .next,
    help: ArgumentHelp(
      "Go on in a new file at SIGUSR2, at a size (100M) or after a time (10m).",
      discussion: "FILE is the one being written; a full one becomes FILE.TIMESTAMP."))
  var switchOutput: String?

  @Option(help: "Full files that --switch-output keeps, the latest.")
  var switchMaxFiles: Int?

  /// Puts what was asked for into the options of a recording.
  func apply(to options: inout RecordOptions) throws(ToolFailure) {
    do throws(RecordError) {
      for text in trigger { options.triggers.append(try Trigger.parse(text)) }
    } catch {
      throw ToolFailure(error)
    }
    if overwrite || !trigger.isEmpty {
      options.overwrite = 32 << 20
      if let keep { try apply(keep: keep, to: &options) }
    } else if keep != nil {
      throw ToolFailure("--keep goes with --overwrite or --trigger", status: .usage)
    }
    if let snapshots {
      guard snapshots > 0, !trigger.isEmpty else {
        throw ToolFailure("--snapshots wants a --trigger and a number above 0", status: .usage)
      }
      options.snapshots = snapshots
    }
    if let switchOutput {
      guard let moment = Self.moment(switchOutput) else {
        throw ToolFailure(
          "--switch-output wants signal, a size (100M) or a time (10m), not \"\(switchOutput)\"",
          status: .usage)
      }
      options.switchOutput = OutputSwitch(moment, mostFiles: switchMaxFiles)
    }
    guard switchMaxFiles.map({ $0 > 0 && switchOutput != nil }) ?? true else {
      throw ToolFailure(
        "--switch-max-files wants --switch-output and a number above 0", status: .usage)
    }
  }

  private func apply(
    keep: String, to options: inout RecordOptions
  ) throws(ToolFailure) {
    var bytes: Int?
    for word in keep.split(separator: ",", omittingEmptySubsequences: false) {
      if let time = TimeSpan.parse(word), options.keep == nil {
        options.keep = time
      } else if let size = ByteCount(argument: String(word)), bytes == nil {
        bytes = size.bytes
      } else {
        throw ToolFailure("--keep wants 64M, 10s or 10s,64M, not \"\(keep)\"", status: .usage)
      }
    }
    options.overwrite = bytes ?? 256 << 20
  }

  /// A plain number is bytes.
  private static func moment(_ text: String) -> OutputSwitch.Moment? {
    if text == "signal" { return .signal }
    if let time = TimeSpan.parse(text) { return .time(time) }
    return ByteCount(argument: text).map { .size($0.bytes) }
  }
}
