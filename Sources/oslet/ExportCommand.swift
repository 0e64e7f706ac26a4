import ArgumentParser
import FoundationEssentials
import Interchange
import TraceFormat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `oslet export`: a trace in a form that other tools read.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes a trace in a form that other tools read.",
    discussion: """
      text is the trace's own text form, which `oslet import` reads back; ctf is a folder in the \
      Common Trace Format; the others are Perfetto's protobuf, folded stacks of microseconds waited, \
      a pprof profile of waits, one JSON object or one line of CSV an event, and SQL for sqlite3.
      """)

  @OptionGroup var trace: TraceOptions

  @Option(help: "The form: \(Form.names).")
  var to: Form

  @Option(
    name: [.short, .long], help: "The file (ctf: folder) to write; standard output by default.")
  var output: String?

  /// The trace's own text form, a folder, or a foreign format that is one file.
  enum Form: ExpressibleByArgument {
    case text
    case ctf
    case foreign(ExportFormat)

    static let names = (["text", "ctf"] + ExportFormat.allCases.map(\.rawValue))
      .joined(separator: ", ")

    init?(argument: String) {
      switch argument {
      case "text": self = .text
      case "ctf": self = .ctf
      default:
        guard let format = ExportFormat(rawValue: argument) else { return nil }
        self = .foreign(format)
      }
    }
  }

  func validate() throws {
    if case .ctf = to, output == nil || output == "-" {
      throw ValidationError("ctf is a folder: name it with -o")
    }
  }

  func run() throws {
    var reader = try trace.open()
    switch to {
    case .text:
      let text: String
      do throws(TraceError) {
        text = try RecordedTrace(reading: &reader).text()
      } catch {
        throw ToolFailure(error, in: trace.input)
      }
      try deliver(Data(text.utf8), to: output)
    case .ctf:
      let folder = output ?? ""
      do throws(InterchangeError) {
        try CTFExport.write(&reader, into: folder)
      } catch {
        throw ToolFailure(error, from: trace.input, to: folder)
      }
    case .foreign(let format):
      try withOutput { descriptor throws(ToolFailure) in
        do throws(InterchangeError) {
          try format.write(&reader, to: descriptor)
        } catch {
          throw ToolFailure(error, from: trace.input, to: output ?? "standard output")
        }
      }
    }
  }

  /// Hands over standard output, or a file that appears under its name only once it is whole.
  private func withOutput(_ body: (Int32) throws(ToolFailure) -> Void) throws(ToolFailure) {
    guard let output, output != "-" else { return try body(STDOUT_FILENO) }
    let isReplaceable = isReplaceable(output)
    let partial = isReplaceable ? output + ".part" : output
    // SAFETY: the paths of open, unlink and rename live through their calls.
    let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else {
      throw ToolFailure("cannot write \(output): \(errorText(errno))")
    }
    do throws(ToolFailure) {
      try body(descriptor)
    } catch {
      close(descriptor)
      if isReplaceable { unsafe unlink(partial) }
      throw error
    }
    close(descriptor)
    guard isReplaceable else { return }
    guard unsafe rename(partial, output) == 0 else {
      throw ToolFailure("cannot write \(output): \(errorText(errno))")
    }
  }
}

extension ToolFailure {
  /// An export that failed; a reader that went away is no failure.
  init(_ error: InterchangeError, from input: String, to output: String) {
    switch error {
    case .trace(let error): self.init(error, in: input)
    case .write(EPIPE): self.init("\(output): closed by its reader", status: .ok)
    case .write(let number): self.init("cannot write \(output): \(errorText(number))")
    case .foreign(let format, let offset, let reason):
      self.init("\(input): no \(format) at byte \(offset): \(reason)")
    }
  }
}
