import FoundationEssentials
import Workloads

/// What a sweep plays: every source under every layout at every size, a cell each.
///
/// It names files of the sweep's folder alone, which hold all that a cell is a function of: the folder
/// may be played in pieces, here and elsewhere.
struct SweepPlan: Codable, Equatable {
  /// One trace or workload.
  struct Source: Codable, Equatable {
    /// As it was named on the command line.
    var name: String
    /// Its workload, and the machine it is played on, made as large as the largest size wants.
    var workload: String
    var machine: String
    /// Why nothing should be concluded from it, whatever is predicted: events that were lost.
    var objections: [String]
  }

  /// One layout: its name and its long form.
  struct LayoutFile: Codable, Equatable {
    var name: String
    var file: String
  }

  /// One prediction: a source, a layout, a size.
  struct Cell: Equatable {
    var source: Int
    var layout: Int
    var cpus: Int
  }

  static let schema = "oslet.sweep-plan/1"

  var schema = Self.schema
  var engine: Engine
  var load: LoadRule
  var seed: UInt64
  var sources: [Source]
  var layouts: [LayoutFile]
  /// Sizes, ascending.
  var cpus: [Int]

  /// Cells, numbered by source, then layout, then size.
  var count: Int { sources.count * layouts.count * cpus.count }

  /// The cell of a number below `count`.
  subscript(number: Int) -> Cell {
    let (rest, size) = number.quotientAndRemainder(dividingBy: cpus.count)
    let (source, layout) = rest.quotientAndRemainder(dividingBy: layouts.count)
    return Cell(source: source, layout: layout, cpus: cpus[size])
  }

  /// The cells of a source.
  func cells(of source: Int) -> Range<Int> {
    let each = layouts.count * cpus.count
    return source * each..<(source + 1) * each
  }

  /// The cells of one of `tasks` tasks: the largest sizes, which take longest, are dealt out first.
  func cells(task: Int, of tasks: Int) -> [Int] {
    let order = (0..<count).sorted { (self[$1].cpus, $0) < (self[$0].cpus, $1) }
    return stride(from: task, to: count, by: tasks).map { order[$0] }
  }
}
