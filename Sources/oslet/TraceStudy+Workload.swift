import Analysis
import TraceFormat
import Workloads

extension TraceStudy {
  /// The workload behind the trace.
  ///
  /// - Throws: `ToolFailure` (incomplete data) when the trace holds nothing to infer one from.
  /// - Parameter machine: the machine it was recorded on, where its costs were measured.
  func workload(
    named name: String, recordedOn machine: Machine? = nil
  ) throws(ToolFailure) -> Workload {
    if facts.profile ?? false {
      throw ToolFailure(
        "\(name): a profile holds no events to replay or predict from; record without --profile",
        status: .incompleteData)
    }
    let workload = findings.workload(name: name, recordedOn: machine)
    guard !workload.tasks.isEmpty else {
      throw ToolFailure(
        "\(name): no task of the trace did anything that could be replayed; record longer, or with "
          + "the switch events on",
        status: .incompleteData)
    }
    do throws(WorkloadError) {
      return try workload.validated()
    } catch {
      throw ToolFailure(error, in: name)
    }
  }
}
