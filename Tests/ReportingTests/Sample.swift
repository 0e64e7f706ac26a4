import Measures
import Workloads

@testable import Reporting

/// A small report input whose throughput follows a closed form: the saturated bound of a closed
/// queue, X(N) = min(N / (Z + h), 1 / (h + c N)), so that one image has a cliff and OSlets of four
/// CPUs have none.
enum Sample {
  static let think = 9000.0
  static let hold = 1000.0
  static let perCPU = 8.0

  static func throughput(cpus: Int, images: Int) -> Double {
    let each = Double(cpus) / Double(images)
    let one = min(each / (think + hold), 1 / (hold + perCPU * each))
    return one * Double(images) * 1e9
  }

  static func point(_ layout: String, _ cpus: Int, images: Int, messages: Double = 0)
    -> PredictionPoint
  {
    let rate = throughput(cpus: cpus, images: images)
    let ideal = Double(cpus) / (think + hold) * 1e9
    let useful = rate / ideal
    let busy = min(1, rate / Double(images) * (hold + perCPU * Double(cpus / images)) / 1e9)
    return PredictionPoint(
      layout: layout, cpus: cpus,
      throughputPerSecond: Interval(value: rate, low: rate * 0.95, high: rate * 1.05),
      efficiency: useful,
      cpuShare: CPUShare(
        useful: useful, lockWait: (1 - useful) * 0.8, lineTransfer: (1 - useful) * 0.15,
        ipi: (1 - useful) * 0.05, message: 0, idle: 0),
      messagesPerSecond: messages * rate, crossingShare: messages / 2,
      firstSaturated: busy > 0.9 ? "rename_lock" : nil,
      classes: [
        ClassPrediction(
          name: "rename_lock", utilization: busy, waitNsMean: (1 - useful) * 20_000,
          acquisitionsPerSecond: rate),
        ClassPrediction(
          name: "inode i_rwsem via open", utilization: busy * 0.4, waitNsMean: (1 - useful) * 900,
          acquisitionsPerSecond: rate),
      ])
  }

  static let sizes = [1, 2, 4, 8, 16, 32, 64]

  static func prediction() -> Prediction {
    var points = sizes.map { point("one", $0, images: 1) }
    points += sizes.map { point("4x", $0, images: max(1, $0 / 4), messages: $0 > 4 ? 0.02 : 0) }
    points += sizes.map { point("by=l3", $0, images: max(1, $0 / 8)) }
    points += sizes.map { point("one+numa-handover", $0, images: $0 > 8 ? 2 : 1) }
    return Prediction(
      seed: 1, load: .replicate, engine: "replay",
      backtest: Backtest(
        cpus: 2, throughputRelativeError: 0.031, waitRelativeError: -0.084,
        classes: [
          Backtest.ClassError(name: "rename_lock", measuredNs: 4210, predictedNs: 3900),
          Backtest.ClassError(name: "inode i_rwsem via open", measuredNs: 812, predictedNs: 744),
        ]),
      points: points, cliff: [Prediction.Cliff(layout: "one", cpus: 16)])
  }

  static let machine = Machine(
    name: "2s-16c-2t",
    topology: Topology(sockets: 2, islandsPerSocket: 2, coresPerIsland: 8, smt: 2),
    lineTransfer: .levels(
      smt: Nanoseconds(8), island: Nanoseconds(23), socket: Nanoseconds(107),
      cross: Nanoseconds(197)),
    interrupt: InterruptCost(
      send: Nanoseconds(300), deliver: Nanoseconds(900), acknowledge: Nanoseconds(500)),
    message: MessageCost(polled: Nanoseconds(180), notified: Nanoseconds(1700)),
    sources: ["line transfers: Milan ping-pong tables, 2021", "messages: E5530, SOSP 2009"])

  static func layout(_ name: String, oslets: Int, isConventional: Bool = false) -> LayoutFacts {
    LayoutFacts(
      name: name, cpus: 64, oslets: oslets, isConventional: isConventional,
      classes: [
        .init(
          name: "rename_lock", scope: .image, sharing: .owned, message: .polled,
          instances: oslets),
        .init(
          name: "inode i_rwsem via open", scope: .filesystem, sharing: .private, message: .polled,
          instances: oslets),
      ],
      refusals: oslets > 8 ? ["process 'stress-ng' stays whole: 6 threads on 4 CPUs"] : [])
  }

  static let recording = RecordingFacts(
    kernel: "6.18.5 #1 SMP PREEMPT_DYNAMIC", architecture: "x86_64",
    config: ["CONFIG_PREEMPT_RT": "n", "CONFIG_NR_CPUS": "64", "CONFIG_PARAVIRT_SPINLOCKS": "y"],
    parameters: ["mitigations=auto"], processor: "AMD EPYC 7B13", hypervisor: "kvm", cpus: 2,
    topology: "1 socket, 1 L3, 1 core, 2 CPUs",
    regimes: [
      "spinlock": "every waiter (paravirt)", "mutex": "every waiter; spinning and sleeping apart",
    ],
    missingEvents: ["tlbFlush": "off"],
    duration: .seconds(10.2), events: 5_123_456, lost: 120, suppressed: 4096,
    losses: [.init(cpu: 1, kind: "schedSwitch", lost: 120, suppressed: 4096)],
    recorderNsPerEvent: 86.4, recorderCPUShare: 0.021,
    command: ["oslet", "record", "-d", "10", "--", "stress-ng", "--rename", "4"],
    writer: "oslet 0.1")

  static func input() -> ReportInput {
    var input = ReportInput(title: "rename storm")
    input.recording = recording
    input.findings = SampleTrace.findings()
    input.prediction = prediction()
    input.machine = machine
    input.layouts = [
      layout("one", oslets: 1), layout("4x", oslets: 16), layout("by=l3", oslets: 8),
      layout("one+numa-handover", oslets: 1, isConventional: true),
    ]
    input.extrapolation = "the recorded 2 CPUs taken as one core of a two-socket server."
    input.assumptions = ["Closed loop: a task starts its next operation when the last is done."]
    input.baselines = [
      BaselineCurve(
        name: "USL fit",
        points: sizes.map {
          let n = Double($0)
          return .init(
            cpus: $0, throughputPerSecond: 1e5 * n / (1 + 0.08 * (n - 1) + 1e-3 * n * (n - 1)))
        }, remark: "sigma 0.08, kappa 0.001, fitted to the one-image points.")
    ]
    input.measuredThroughput = 194_000
    input.replications = 8
    input.operationName = "operations"
    input.commands = [
      ["oslet", "record", "-d", "10", "-o", "rename.data", "--", "stress-ng", "--rename", "4"],
      [
        "oslet", "report", "-i", "rename.data", "--cpus", "1..64", "--layout", "one", "--layout",
        "4x", "--layout", "by=l3", "--layout", "one+numa-handover", "--seed", "1", "--format",
        "text",
      ],
    ]
    return input
  }
}
