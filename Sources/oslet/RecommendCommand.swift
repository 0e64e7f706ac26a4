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
      three classes that wait most, and every --layout, by the closed-form model; plays the best \
      three and the smallest change that takes 90 % of the gain event by event. --engine model \
      leaves the latter out. Exits with 5 when the conclusion is withheld.
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
        run.workload, on: run.machine.machine, cpus: run.size, load: options.load,
        crossing: crossing, named: run.layouts)
    } catch {
      throw ToolFailure("recommend: \(error.description)", status: .usage)
    }
    let chosen = search.smallestChange(taking: Recommendation.share)
    var played = [search.control] + search.candidates.prefix(3)
    if let chosen, !played.contains(chosen) { played.append(chosen) }
    run.layouts = played.map(\.layout)
    let replayed =
      options.engine == .replay ? try await run.prediction(by: .replay, cpus: [run.size]) : nil
    let result = Recommendation(
      run, search: search, smallestChange: chosen, crossing: crossing, replayed: replayed)
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
