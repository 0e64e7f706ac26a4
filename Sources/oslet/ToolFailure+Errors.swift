import Recording
import TraceFormat
import Workloads

extension ToolFailure {
  /// A recording that could not be made, with the status its cause is documented with.
  init(_ error: RecordError) {
    let status: ExitStatus =
      switch error {
      case .missingCapabilities, .refused: .permission
      case .kernelLacks, .probesRejected: .unsupportedKernel
      case .badOption: .usage
      case .output, .foreignFile, .command, .trace, .system: .runtimeError
      }
    self.init(error.description, status: status)
  }

  /// A trace that cannot be read, with its path in front.
  init(_ error: TraceError, in path: String) {
    self.init("\(path): \(error)")
  }

  /// An input that is not what it should be, with its path in front.
  init(_ error: WorkloadError, in path: String) {
    self.init("\(path): \(error.description)")
  }
}
