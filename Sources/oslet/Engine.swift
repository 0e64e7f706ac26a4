import ArgumentParser
import Queueing
import Replay
import Workloads

/// The engines by name.
enum Engine: String, ExpressibleByArgument, CaseIterable, Codable {
  case replay, model

  /// The prediction of a workload at every size under every layout.
  ///
  /// - Throws: `WorkloadError` for a layout that the machine or the workload cannot take.
  func prediction(
    of workload: Workload, on machine: Machine, layouts: [Layout], cpus: [Int], load: LoadRule,
    seed: UInt64, threads: Int
  ) async throws(WorkloadError) -> Prediction {
    switch self {
    case .replay:
      try await Replayer(seed: seed, threads: threads).sweep(
        workload, on: machine, layouts: layouts, cpus: cpus, load: load)
    case .model:
      try await ClosedFormEngine().sweep(
        workload, on: machine, layouts: layouts, cpus: cpus, load: load, seed: seed)
    }
  }
}
