import Analysis
import ArgumentParser
import Measures
import Recording
import Reporting

/// `oslet top`: where the kernel waits now.
struct TopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Shows where the kernel waits for locks, as it happens.",
    discussion: """
      Waits are added up in the kernel by lock and caller, as by record --profile; nothing is \
      written. Keys: q ends, w c m n sort by wait, count, longest, name. Where standard output is no \
      terminal, or with -b, one table follows another.
      """)

  @Flag(name: [.short, .long], help: "Print tables one after the other.")
  var batch = false

  @Option(name: .customShort("n"), help: "End after this many tables.")
  var iterations: Int?

  @Option(name: [.customShort("d"), .long], help: "Seconds from one table to the next.")
  var delay = 2.0

  @Option(name: [.customShort("k"), .customLong("sort")], help: "wait, count, max or name.")
  var key: TopKey = .wait

  @Option(name: [.customShort("E"), .long], help: "Rows; as many as fit by default, 20 in tables.")
  var entries: Int?

  @OptionGroup(title: "Filters") var filters: FilterOptions

  func validate() throws {
    if !(delay >= 0.1 && delay < 1e6) { throw ValidationError("-d wants 0.1 seconds or more") }
    if let iterations, iterations < 1 { throw ValidationError("-n wants at least one table") }
    if let entries, entries < 1 { throw ValidationError("-E wants at least one row") }
  }

  func run() throws {
    var options = RecordOptions()
    try filters.apply(to: &options)
    options.events = [.lock]
    options.commandLine = CommandLine.arguments
    options.writer = "oslet \(toolVersion)"
    let screen = batch ? nil : Screen()
    var view = TopView(key: key)
    var shown = 0
    do throws(RecordError) {
      try LiveProfile.run(options, every: .seconds(delay), keys: screen == nil ? nil : 0) {
        switch $0 {
        case .sample(let sample):
          view.take(sample)
          shown += 1
        case .key(let byte):
          if byte == UInt8(ascii: "q") { return .enough }
          guard let key = TopKey(letter: byte) else { return .more }
          view.key = key
        }
        let size = screen?.size ?? (rows: 0, columns: 100)
        let rows = entries ?? (screen == nil ? 20 : max(1, size.rows - 5))
        let text = view.text(rows: rows, columns: size.columns)
        if screen == nil { writeOutput(text + "\n") } else { Screen.show(text) }
        return shown == iterations ? .enough : .more
      }
    } catch {
      throw ToolFailure(error)
    }
  }
}

/// What rows are sorted by.
enum TopKey: String, ExpressibleByArgument, CaseIterable {
  case wait, count, max, name

  /// The key that a letter stands for.
  init?(letter: UInt8) {
    guard let key = Self.allCases.first(where: { $0.rawValue.utf8.first == letter }) else {
      return nil
    }
    self = key
  }
}
