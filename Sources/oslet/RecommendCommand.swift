import ArgumentParser
import Queueing
import Reporting
import Workloads

/// `oslet recommend`: which layout, or which conventional fix, is worth its price.
struct RecommendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Searches layouts and conventional fixes at the largest size for the best trades.",
    discussion: """
      Solves OSlets of 1, 2, 4, ... CPUs, cuts along the topology, the conventional fixes for the \
      three classes that wait most, and every --layout, by the closed-form model; names the smallest \
      change that takes 90 % of the gain, among all and among layouts of several images, and where \
      the gain of the latter ends; plays the best three and both changes event by event. --engine \
      model leaves the playing out. Exits with 5 when the conclusion is withheld.
      """)

  @OptionGroup var options: PredictionOptions

  @Option(
    help: "Share of acquisitions, 0 to 1, of private classes of the image that cross OSlets.")
  var crossing = 0.01

  @Flag(help: "Print the document oslet.recommendation/1.")
  var json = false

  func validate() throws {
    guard (0...1).contains(crossing) else { throw ValidationError("--crossing wants 0 to 1") }
  }

  func run() async throws {
    var run = try PredictionRun(options)
    run.study?.warn()
    let search: LayoutSearch
    do throws(WorkloadError) {
      search = try LayoutSearch(
        run.workload, on: run.machine.machine, cpus: run.size, load: options.grid.load,
        crossing: crossing, named: run.layouts)
    } catch {
      throw ToolFailure("recommend: \(error.description)", status: .usage)
    }
    let change = search.smallestChange(taking: Recommendation.share, of: .everything)
    let layout = search.smallestChange(taking: Recommendation.share, of: .layouts)
    var played = [search.control] + search.candidates.prefix(3)
    for chosen in [change, layout].compactMap(\.self) where !played.contains(chosen) {
      played.append(chosen)
    }
    run.layouts = played.map(\.layout)
    let replayed =
      options.grid.engine == .replay ? try await run.prediction(by: .replay, cpus: [run.size]) : nil
    var breakEven: BreakEven?
    if let layout {
      breakEven = try ReportInput.breakEven(run, layout.layout, crossing: crossing)
    }
    let result = Recommendation(
      run, search: search, smallestChange: change, smallestLayout: layout, breakEven: breakEven,
      crossing: crossing, replayed: replayed)
    if json {
      writeOutput(try encodeDocument(result))
    } else {
      writeOutput(TextRenderer().text(of: result.document))
    }
    guard let replayed else { return }
    let report = Report(try ReportInput(run, prediction: replayed))
    for objection in report.objections { writeError("oslet: warning: \(objection)\n") }
    if report.isWithheld { throw ExitStatus.incompleteData }
  }
}
