import CCalibration
import Measures
import Workloads

/// What moving lines between the CPUs of this machine costs.
struct LineMeasurement {
  /// The costs: a matrix where every pair of four or more CPUs was measured, else one per level.
  var transfer: LineTransfer
  /// The spread of each level that the machine has.
  var spread: [String: Interval]
  /// The slope of dirtied lines.
  var constants: [String: Double]

  /// Round trips in one sample: some tenths of a millisecond, far less than a time slice.
  static let rounds: Int32 = 1_000

  /// Measures the chosen pairs.
  ///
  /// - Throws: `CalibrationError.measurement` when a pair fails.
  init(_ host: HostTopology, _ choice: PairChoice, _ effort: Effort) throws(CalibrationError) {
    var ofLevel: [Distance: [Double]] = [:]
    var matrix: [[Double]] = []
    let size = host.topology.cpuCount
    if choice.isComplete, host.isRegular, size >= 4, size <= 64 {
      matrix = Array(repeating: Array(repeating: 0, count: size), count: size)
    }
    let perPair = max(3, min(effort.samples, effort.samples * 32 / max(1, choice.pairs.count)))
    for pair in choice.pairs {
      let (a, b) = (host.cpus[pair.a], host.cpus[pair.b])
      let samples = Samples(perPair, limit: effort.limit / choice.pairs.count) {
        calibration_ping_pong(Int32(a.number), Int32(b.number), Self.rounds, 0)
      }
      guard let range = samples.interval else {
        throw .measurement(
          "a line transfer between CPUs \(a.number) and \(b.number)", errno: samples.lastError)
      }
      // With many pairs their medians make the level; with one, its samples do.
      ofLevel[pair.distance, default: []] +=
        choice.pairs.count < 8 ? samples.values : [range.value]
      if !matrix.isEmpty {
        let (from, to) = (host.topology.number(of: a.place), host.topology.number(of: b.place))
        matrix[from][to] = range.value
        matrix[to][from] = range.value
      }
    }
    spread = [:]
    var cost: [Distance: Double] = [:]
    for distance in Distance.allCases {
      guard let range = Samples.interval(ofLevel[distance] ?? []) else { continue }
      spread["\(distance)"] = range
      cost[distance] = range.value
    }
    let smt = cost[.smt] ?? 0
    let island = cost[.island] ?? smt
    let socket = cost[.socket] ?? island
    transfer =
      matrix.isEmpty
      ? .levels(
        smt: Nanoseconds(smt), island: Nanoseconds(island), socket: Nanoseconds(socket),
        cross: Nanoseconds(cost[.cross] ?? socket))
      : .matrix(matrix)
    constants = [:]
    try measureDirtyLines(host, choice, effort)
  }

  /// Ping-pong with 0, 1, 2, 4 and 8 dirtied lines between the farthest CPUs: the least-squares
  /// slope, which is below one transfer where the CPU fetches several lines at once.
  private mutating func measureDirtyLines(
    _ host: HostTopology, _ choice: PairChoice, _ effort: Effort
  ) throws(CalibrationError) {
    guard let pair = choice.pairs.last else { return }
    let (a, b) = (Int32(host.cpus[pair.a].number), Int32(host.cpus[pair.b].number))
    let counts = [0, 1, 2, 4, 8]
    var slopes: [Double] = []
    var error: Int32 = 0
    let end = ContinuousClock.now + effort.limit
    for _ in 0..<max(3, effort.samples / 5) where slopes.count < 3 || ContinuousClock.now < end {
      let times = counts.map { calibration_ping_pong(a, b, Self.rounds, Int32($0)) }
      if let failed = times.first(where: { $0 < 0 }) {
        error = Int32(-failed)
        continue
      }
      let meanX = Double(counts.reduce(0, +)) / Double(counts.count)
      let meanY = times.reduce(0, +) / Double(times.count)
      var above = 0.0
      var below = 0.0
      for (x, y) in zip(counts, times) {
        above += (Double(x) - meanX) * (y - meanY)
        below += (Double(x) - meanX) * (Double(x) - meanX)
      }
      slopes.append(max(0, above / below))
    }
    guard let range = Samples.interval(slopes) else {
      throw .measurement("the cost of dirtied lines", errno: error)
    }
    spread["dirty_line_ns"] = range
    constants["dirty_line_ns"] = range.value
  }
}
