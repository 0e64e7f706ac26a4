import ArgumentParser
import Calibration
import Workloads

/// `oslet calibrate`: this machine's constants, measured.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract:
      "Measures line transfers, hand-overs, IPIs and messages here and writes a machine file.",
    discussion: "Takes less than 30 s and needs no privilege.")

  @Option(name: [.short, .long], help: "The machine file to write; standard output by default.")
  var output: String?

  func run() throws {
    let calibration: MeasuredMachine
    do throws(CalibrationError) {
      calibration = try MeasuredMachine.measure()
    } catch {
      throw ToolFailure("cannot calibrate: \(error.description)")
    }
    for warning in calibration.warnings { writeError("oslet: warning: \(warning)\n") }
    try deliver(try encodeDocument(calibration), to: output)
  }
}
