import ArgumentParser

/// What `predict`, `report` and `recommend` are asked alike.
struct PredictionOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "The trace; - reads standard input. Default: oslet.data.")
  var input: String?

  @Option(help: "A workload file in place of a trace.")
  var workload: String?

  @OptionGroup var grid: GridOptions

  @Flag(help: "Draw the conclusion although loss or back-test is beyond its threshold.")
  var force = false

  func validate() throws {
    if input != nil && workload != nil {
      throw ValidationError("-i and --workload exclude each other")
    }
  }
}
