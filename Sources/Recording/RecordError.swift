public import TraceFormat

/// Why a recording could not be made.
public enum RecordError: Error, Hashable, Sendable {
  /// The process lacks these capabilities; run as root or grant them.
  case missingCapabilities([Capability])
  /// The kernel refused although the capabilities are there: lockdown, a seccomp filter, a
  /// container. The text is what failed.
  case refused(String)
  /// The kernel lacks something without which nothing can be recorded.
  case kernelLacks(String)
  /// The verifier or the loader turned the probes down: a bug here, or a kernel not met before.
  case probesRejected(reason: String, errno: Int32)
  /// An option cannot be followed: which, and why.
  case badOption(String, reason: String)
  /// The output file cannot be opened or replaced.
  case output(path: String, errno: Int32)
  /// The output file exists and no OSlet trace; it is left alone.
  case foreignFile(path: String)
  /// The command could not be started.
  case command(String, errno: Int32)
  /// The trace could not be written for a reason other than the system's.
  case trace(TraceError)
  /// A system call failed that does not fail on a healthy system.
  case system(call: String, errno: Int32)
}

extension RecordError: CustomStringConvertible {
  /// One line: what failed, where, and what to do.
  public var description: String {
    switch self {
    case .missingCapabilities(let missing):
      "not permitted: this process lacks \(missing.map(\.rawValue).joined(separator: ", ")); "
        + "run as root, or give the program its capabilities: \(Capability.grant)"
    case .refused(let what): "the kernel refused: \(what)"
    case .kernelLacks(let what): "this kernel lacks \(what)"
    case .probesRejected(let reason, let number):
      "the kernel rejected the probes (\(errorText(number))): \(reason)"
    case .badOption(let option, let reason): "\(option): \(reason)"
    case .output(let path, let number): "cannot write \(path): \(errorText(number))"
    case .foreignFile(let path):
      "\(path) exists and is not an OSlet trace; name another file with -o or move it away"
    case .command(let name, let number): "cannot run \(name): \(errorText(number))"
    case .trace(let error): "the trace cannot be written: \(error)"
    case .system(let call, let number): "\(call) failed: \(errorText(number))"
    }
  }
}
