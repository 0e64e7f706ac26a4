import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The tool: one subcommand per step of the path, each a file of its own.
@main
struct Oslet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oslet",
    abstract:
      "Records kernel lock contention and IPIs, and predicts both at other sizes and layouts.",
    discussion: """
      Exit status: 0 ok; 1 runtime error; 2 usage; 3 permission; 4 the kernel lacks what is needed; \
      5 data incomplete (loss or back-test beyond the threshold); 6 a stated threshold exceeded.
      """,
    version: toolVersion,
    subcommands: [
      CheckCommand.self, RecordCommand.self, TopCommand.self, InfoCommand.self, AnalyzeCommand.self,
      CalibrateCommand.self, PredictCommand.self, ReportCommand.self, RecommendCommand.self,
      LayoutCommand.self, SweepCommand.self, DiffCommand.self, ExportCommand.self,
      ImportCommand.self,
      ValidateCommand.self,
    ])

  static func main() async {
    // A reader that goes away (`| head`) shows as EPIPE, where it can be told from a failure.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      leave(with: error)
    }
  }

  /// Ends the process with the message and the documented status that `error` asks for.
  private static func leave(with error: any Error) -> Never {
    if let status = error as? ExitStatus { status.exit() }
    if let failure = error as? ToolFailure {
      writeError("oslet: \(failure.message)\n")
      failure.status.exit()
    }
    let message = fullMessage(for: error)
    switch exitCode(for: error) {
    case .success:
      writeOutput(message + "\n")
      ExitStatus.ok.exit()
    case .validationFailure:
      writeError(message + "\n")
      ExitStatus.usage.exit()
    default:
      writeError("oslet: \(error)\n")
      ExitStatus.runtimeError.exit()
    }
  }
}

/// The version that traces and `--version` carry.
let toolVersion = "0.1.0"
