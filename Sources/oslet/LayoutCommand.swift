import ArgumentParser
import Workloads

/// `oslet layout L`: the long form of a layout, defaults spelled out.
struct LayoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layout",
    abstract: "Prints the long form of a layout with every default spelled out.")

  @Argument(help: "A layout's short form (256x4, by=l3, 4x+fs:2x16) or the path of a YAML file.")
  var layout: LayoutArgument

  @OptionGroup var options: MachineOptions

  @Option(help: "CPUs in use; the whole machine by default.")
  var cpus: Int?

  func run() throws {
    let layout = try layout.layout()
    let machine = try options.machine(atLeast: cpus ?? 1, recordedOn: nil).machine
    do throws(WorkloadError) {
      writeOutput(try layout.yaml(on: machine, cpus: cpus ?? machine.cpuCount))
    } catch {
      throw ToolFailure("layout \(layout.name): \(error.description)", status: .usage)
    }
  }
}
