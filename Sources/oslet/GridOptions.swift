public import ArgumentParser
public import Workloads

/// What is predicted and on what: machine, sizes, layouts and load, by which engine.
struct GridOptions: ParsableArguments {
  @OptionGroup var machine: MachineOptions

  @Option(help: "Sizes: 1,2,4,8 or 1-16 or 1..1024 (powers of two).")
  var cpus = CPUCounts([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024])

  @Option(
    name: [.customShort("l"), .customLong("layout")],
    help: "A layout's short form or YAML file; give it again for more. Default: one.")
  var layouts: [LayoutArgument] = []

  @Option(help: "How the load grows: replicate (copies of the recorded tasks) or fixed.")
  var load: LoadRule = .replicate

  @Option(help: "replay (event by event) or model (closed form).")
  var engine: Engine = .replay

  @Option(help: "The seed; the same seed gives the same bytes.")
  var seed: UInt64 = 1

  @Option(help: "Replications that run at the same time; no result depends on it.")
  var threads = 2

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads wants at least 1") }
  }
}

extension LoadRule: ExpressibleByArgument {}
