/// Why this machine's constants could not be measured.
public enum CalibrationError: Error, Hashable, Sendable {
  /// Fewer than two CPUs may be used, so nothing can travel between them.
  case tooFewCPUs(Int)
  /// A file of the kernel that describes the CPUs is missing or not understood.
  case topology(path: String, detail: String)
  /// A measurement failed every time: the errno of the last failure.
  case measurement(String, errno: Int32)
}

extension CalibrationError: CustomStringConvertible {
  /// One line for a person: what failed and what to do.
  public var description: String {
    switch self {
    case .tooFewCPUs(let count):
      "calibration needs two CPUs and may use \(count): widen the affinity mask or the container"
    case .topology(let path, let detail): "\(path): \(detail)"
    case .measurement(let what, let code):
      "\(what) could not be measured (errno \(code)); is another program holding the CPUs?"
    }
  }
}
