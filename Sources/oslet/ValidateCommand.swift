import ArgumentParser
import FoundationEssentials
import Measures
import Validation
import Workloads

/// `oslet validate`: the lock and machine models against a published scaling table.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract:
      "Calibrates on a table's rows up to K threads and predicts the rest, beside USL and Amdahl.",
    discussion: """
      The table is CSV with the columns series,lock_kind,critical_ns,parallel_ns,threads,\
      throughput_per_us; critical_ns and parallel_ns may be empty.
      """)

  @Argument(help: "The table; with --document an index of tables.")
  var table: String

  @Option(help: "The machine file the table was measured on, or a known machine's name.")
  var machine: String?

  @Option(help: "K: rows up to so many threads are looked at.")
  var calibrateTo: Int?

  @Flag(help: "Print the document oslet.validation/1.")
  var json = false

  @Flag(help: "Judge every table of an index and print Markdown.")
  var document = false

  func validate() throws {
    if document { return }
    guard machine != nil, let calibrateTo, calibrateTo >= 1 else {
      throw ValidationError("--machine and a positive --calibrate-to are needed")
    }
  }

  func run() throws {
    if document {
      writeOutput(try validationDocument(index: table).markdown)
      return
    }
    var options = MachineOptions()
    options.machine = machine
    let report = try judge(
      table: table, machine: try options.machine(atLeast: 1, recordedOn: nil).machine,
      calibrateTo: calibrateTo ?? 1)
    if json {
      writeOutput(try encodeDocument(report))
    } else {
      writeOutput(report.text)
    }
  }
}

/// Judges one table.
private func judge(
  table path: String, machine: Machine, calibrateTo: Int
) throws(ToolFailure) -> ValidationReport {
  let text = String(decoding: try readInput(path), as: UTF8.self)
  do throws(TableError) {
    return try ValidationReport(
      try ScalingTable(csv: text), machine: machine, calibrateTo: calibrateTo)
  } catch {
    throw ToolFailure("\(path): \(error.description)")
  }
}

/// Judges every table of the index at `path`, whose paths are relative to it.
private func validationDocument(index path: String) throws(ToolFailure) -> ValidationDocument {
  let data = try readInput(path)
  let index: ValidationIndex
  do throws(WorkloadError) {
    index = try decodeDocument(ValidationIndex.self, from: data, what: "validation index")
  } catch {
    throw ToolFailure(error, in: path)
  }
  let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
  func judged(
    _ entries: [ValidationIndex.Entry]
  ) throws(ToolFailure) -> [(entry: ValidationIndex.Entry, report: ValidationReport)] {
    var chapters: [(entry: ValidationIndex.Entry, report: ValidationReport)] = []
    for entry in entries {
      var options = MachineOptions()
      options.machine = folder + entry.machine
      let machine = try options.machine(atLeast: 1, recordedOn: nil).machine
      let report = try judge(
        table: folder + entry.table, machine: machine, calibrateTo: entry.calibrateTo)
      chapters.append((entry, report))
    }
    return chapters
  }
  return ValidationDocument(
    chapters: try judged(index.tables), unseen: try judged(index.unseen ?? []),
    later: try judged(index.later ?? []), limits: index.limits)
}
