import Measures
import Queueing
import Reporting
import Workloads

/// What `oslet recommend` found: the document `oslet.recommendation/1`.
struct Recommendation: Encodable {
  /// The share of the best gain that the smallest change has to take.
  static let share = 0.9

  let schema = "oslet.recommendation/1"
  let workload: String
  let machine: String
  let cpus: Int
  let load: LoadRule
  let seed: UInt64
  /// The supposed share of acquisitions of crossable classes that cross.
  let crossing: Double
  let control: Entry
  /// Highest throughput first.
  let candidates: [Entry]
  /// What takes 90 % of the gain with the fewest images; nil when nothing gains.
  let smallestChange: String?
  /// The same among layouts of several images.
  let smallestLayout: String?
  /// Where the latter's gain ends; nil when no class of it could cross.
  let breakEven: BreakEven?
  let backtest: Backtest?

  /// One layout.
  struct Entry: Encodable {
    let layout: String
    /// The short form with its crossings, to be predicted again.
    let shortForm: String
    let oslets: Int
    let throughput: Interval
    /// Throughput over one image's.
    let ratio: Double
    let crossingShare: Double
    let messagesPerSecond: Double
    let isOnFront: Bool
    /// Whether no layout of several images, nor one image, is better.
    let isOnLayoutFront: Bool
    /// The same by the replay; nil where it was not played.
    let replayed: Interval?

    enum CodingKeys: String, CodingKey {
      case layout, oslets, ratio
      case shortForm = "short_form"
      case throughput = "throughput_per_s"
      case crossingShare = "crossing_share"
      case messagesPerSecond = "messages_per_s"
      case isOnFront = "on_front"
      case isOnLayoutFront = "on_layout_front"
      case replayed = "replay_throughput_per_s"
    }
  }

  enum CodingKeys: String, CodingKey {
    case schema, workload, machine, cpus, load, seed, control, candidates, backtest
    case crossing = "crossing_share_supposed"
    case smallestChange = "smallest_change"
    case smallestLayout = "smallest_layout_change"
    case breakEven = "break_even"
  }

  init(
    _ run: PredictionRun, search: LayoutSearch, smallestChange: LayoutSearch.Candidate?,
    smallestLayout: LayoutSearch.Candidate?, breakEven: BreakEven?, crossing: Double,
    replayed: Prediction?
  ) {
    workload = run.workload.name
    machine = run.machine.machine.name
    cpus = run.size
    load = run.options.grid.load
    seed = run.options.grid.seed
    self.crossing = crossing
    let base = search.control.point.throughputPerSecond.value
    let front = Set(search.front(of: .everything).map(\.layout))
    let layoutFront = Set(search.front(of: .layouts).map(\.layout))
    func entry(_ candidate: LayoutSearch.Candidate) -> Entry {
      var unnamed = candidate.layout
      unnamed = Layout(
        partition: unnamed.partition, services: unnamed.services, fixes: unnamed.fixes,
        policies: unnamed.policies, placement: unnamed.placement, defaults: unnamed.defaults)
      return Entry(
        layout: candidate.layout.name, shortForm: unnamed.name, oslets: candidate.oslets,
        throughput: candidate.point.throughputPerSecond,
        ratio: candidate.point.throughputPerSecond.value / base,
        crossingShare: candidate.point.crossingShare,
        messagesPerSecond: candidate.point.messagesPerSecond,
        isOnFront: front.contains(candidate.layout),
        isOnLayoutFront: layoutFront.contains(candidate.layout),
        replayed: replayed?.points.first { $0.layout == candidate.layout.name }?
          .throughputPerSecond)
    }
    control = entry(search.control)
    candidates = search.candidates.map(entry)
    self.smallestChange = smallestChange?.layout.name
    self.smallestLayout = smallestLayout?.layout.name
    self.breakEven = breakEven
    backtest = replayed?.backtest
  }
}
