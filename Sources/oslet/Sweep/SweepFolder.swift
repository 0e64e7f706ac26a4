import FoundationEssentials
import Workloads

/// The folder of a sweep: `plan.json`, its inputs, and one prediction a cell in `cells/`.
///
/// A result appears under its name whole or not at all, and is the same whoever plays it. So a cell may
/// be played twice, even at the same time, and one that is there is not played again: a sweep that was
/// cut short goes on where it stood.
struct SweepFolder {
  let path: String
  let plan: SweepPlan

  /// The sweep in `path`.
  ///
  /// - Throws: `ToolFailure` when there is none.
  init(opening path: String) throws(ToolFailure) {
    self.path = path
    let file = path + "/plan.json"
    guard FileManager.default.fileExists(atPath: file) else {
      throw ToolFailure(
        "\(path) holds no sweep: name traces or workloads to begin one", status: .usage)
    }
    let data = try readInput(file)
    do throws(WorkloadError) {
      plan = try decodeDocument(SweepPlan.self, from: data, what: file)
    } catch {
      throw ToolFailure(error.description)
    }
    guard plan.schema == SweepPlan.schema, !plan.cpus.isEmpty, !plan.layouts.isEmpty else {
      throw ToolFailure("\(file): '\(plan.schema)' where '\(SweepPlan.schema)' is read")
    }
  }

  /// Begins a sweep in `path`, or goes on with it where it is the same one.
  ///
  /// The plan is written last: where it stands, its inputs do.
  ///
  /// - Parameter inputs: the files that the plan names, by name in the folder.
  /// - Throws: `ToolFailure` (usage) when another sweep is there.
  init(beginning plan: SweepPlan, inputs: [String: Data], in path: String) throws(ToolFailure) {
    self.path = path
    self.plan = plan
    let document = try encoded(plan)
    if FileManager.default.fileExists(atPath: path + "/plan.json") {
      var same = try readInput(path + "/plan.json") == document
      for (name, data) in inputs where same { same = (try? readInput(path + "/" + name)) == data }
      guard same else {
        throw ToolFailure(
          "\(path) holds another sweep: name another folder with -o", status: .usage)
      }
      return
    }
    do {
      for folder in ["cells", "inputs", "logs"] {
        try FileManager.default.createDirectory(
          atPath: path + "/" + folder, withIntermediateDirectories: true)
      }
    } catch {
      throw ToolFailure("cannot make the folder \(path): \(error)")
    }
    for name in inputs.keys.sorted() { try deliver(inputs[name] ?? Data(), to: path + "/" + name) }
    try deliver(document, to: path + "/plan.json")
  }

  /// Where the result of a cell stands.
  func file(of number: Int) -> String {
    let digits = String(number)
    return path + "/cells/" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
      + ".json"
  }

  /// The result of a cell; nil where there is none that is whole and that cell's.
  func result(of number: Int) -> Prediction? {
    let cell = plan[number]
    guard let data = try? readInput(file(of: number)),
      let found = try? decodeDocument(Prediction.self, from: data, what: "cell"),
      found.points.count == 1, found.points[0].cpus == cell.cpus,
      found.points[0].layout == plan.layouts[cell.layout].name
    else { return nil }
    return found
  }

  /// Plays a cell that has no result yet and leaves it.
  ///
  /// - Returns: whether it was played.
  func play(_ number: Int, threads: Int) async throws(ToolFailure) -> Bool {
    guard result(of: number) == nil else { return false }
    let cell = plan[number]
    let source = plan.sources[cell.source]
    let inputs = try [source.workload, source.machine, plan.layouts[cell.layout].file]
      .map { (name) throws(ToolFailure) in try readInput(path + "/" + name) }
    let prediction: Prediction
    do throws(WorkloadError) {
      prediction = try await plan.engine.prediction(
        of: try Workload(json: inputs[0]), on: try Machine(json: inputs[1]),
        layouts: [try Layout(yaml: String(decoding: inputs[2], as: UTF8.self))], cpus: [cell.cpus],
        load: plan.load, seed: plan.seed, threads: threads)
    } catch {
      throw ToolFailure(
        "\(source.name), layout \(plan.layouts[cell.layout].name), \(cell.cpus) CPUs: "
          + error.description, status: .usage)
    }
    try deliver(try encoded(prediction), to: file(of: number))
    return true
  }
}

/// A document of this program; one that cannot be written is our fault.
func encoded(_ value: some Encodable) throws(ToolFailure) -> Data {
  do throws(WorkloadError) {
    return try encodeDocument(value)
  } catch {
    throw ToolFailure(error.description)
  }
}
