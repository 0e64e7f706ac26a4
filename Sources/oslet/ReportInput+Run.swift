import Analysis
import Measures
import Queueing
import Replay
import Reporting
import TraceFormat
import Workloads

extension ReportInput {
  /// What one prediction run has to report.
  ///
  /// - Throws: `ToolFailure` for a layout that the workload cannot take.
  init(_ run: PredictionRun, prediction: Prediction) throws(ToolFailure) {
    self.init(title: run.workload.name)
    recording = run.study.map { RecordingFacts($0) }
    findings = run.study?.findings
    self.prediction = prediction
    measuredThroughput = run.workload.measured?.throughputPerSecond
    layouts = try run.scenarios().map { LayoutFacts($0) }
    machine = run.machine.machine
    let sockets = run.machine.machine.topology.sockets
    if sockets > 1 {
      interconnectBytesPerSecond = run.machine.machine.interconnectBytesPerSecond
        .map { $0 * Double(sockets) }
    }
    extrapolation = run.machine.rule
    isForced = run.options.force
    if prediction.engine == "replay" { replications = Precision().replications }
    confidence = Precision().confidence
    operationName = run.study == nil ? "operations" : "system calls"
    commands = [CommandLine.arguments]
    if let law = Self.scalabilityLaw(prediction) { baselines = [law] }
  }

  /// Where the layout of several images that `prediction` sees gaining most stops to gain: its gain is the
  /// prediction's, how crossings and messages eat it the closed-form engine's, at the largest size whose
  /// forty-odd solutions take a minute or less.
  ///
  /// - Throws: `ToolFailure` for a layout that the workload cannot take.
  static func breakEvens(
    _ run: PredictionRun, prediction: Prediction
  ) throws(ToolFailure) -> [BreakEven] {
    let size = run.sizes(upTo: 64).last ?? run.size
    func throughput(_ layout: String) -> Interval? {
      prediction.points.first { $0.layout == layout && $0.cpus == size }?.throughputPerSecond
    }
    guard let control = throughput(Layout.one.name), control.low > 0 else { return [] }
    let gains = run.layouts.compactMap { layout -> (layout: Layout, gain: Interval)? in
      guard let gained = throughput(layout.name), gained.value > control.value, gained.low > 0,
        run.hasSeveralImages(layout, cpus: size)
      else { return nil }
      return (
        layout,
        Interval(
          value: gained.value / control.value, low: gained.low / control.high,
          high: gained.high / control.low)
      )
    }
    guard let best = gains.max(by: { $0.gain.value < $1.gain.value }) else { return [] }
    let point = try breakEven(
      run, best.layout, crossing: statedCrossingShare, cpus: size, gain: best.gain)
    return point.map { [$0] } ?? []
  }

  /// Where one layout stops to gain on `cpus` CPUs (nil: the largest size); nil for one image or a layout without a class
  /// that could cross.
  ///
  /// - Parameter gain: its throughput over that of one image; nil: as the closed-form engine has it.
  /// - Throws: `ToolFailure` for a layout that the workload cannot take.
  static func breakEven(
    _ run: PredictionRun, _ layout: Layout, crossing share: Double, cpus: Int? = nil,
    gain: Interval? = nil
  ) throws(ToolFailure) -> BreakEven? {
    do throws(WorkloadError) {
      let search = try BreakEvenSearch(
        run.workload, on: run.machine.machine, cpus: cpus ?? run.size, load: run.options.grid.load)
      return try search.find(layout, crossing: share, gain: gain).map { point in
        BreakEven(
          layout: layout.name, cpus: cpus ?? run.size, crossingShare: point.crossingShare,
          messageNs: point.roundTripNs, messageCrossingShare: share)
      }
    } catch {
      throw ToolFailure("break-even: \(error.description)", status: .usage)
    }
  }

  /// The share of crossings at which the break-even price of a message is stated.
  ///
  /// An assumption, printed with the result: one acquisition in a hundred.
  private static let statedCrossingShare = 0.01

  /// The Universal Scalability Law fitted to the control's points up to a quarter of the largest
  /// size, as a reader would fit it to measurements of a smaller machine.
  private static func scalabilityLaw(_ prediction: Prediction) -> BaselineCurve? {
    let control = prediction.points.filter { $0.layout == "one" }
    guard let largest = control.last?.cpus else { return nil }
    let known = control.filter { $0.cpus * 4 <= largest }
    guard known.count >= 4 else { return nil }
    let points = known.map { (count: Double($0.cpus), throughput: $0.throughputPerSecond.value) }
    guard let law = ScalabilityLaw.fit(points, coherency: true) else { return nil }
    return BaselineCurve(
      name: "USL fit",
      points: control.map {
        BaselineCurve.Point(
          cpus: $0.cpus, throughputPerSecond: law.throughput(at: Double($0.cpus)))
      },
      remark: "Universal Scalability Law (Gunther 1993) fitted to the points of 'one' up to "
        + "\(known.last?.cpus ?? 1) CPUs")
  }
}
