#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the process says as it ends; README and `--help` list the numbers.
struct ExitStatus: Error, Equatable {
  let code: Int32

  static let ok = ExitStatus(code: 0)
  static let runtimeError = ExitStatus(code: 1)
  static let usage = ExitStatus(code: 2)
  static let permission = ExitStatus(code: 3)
  static let unsupportedKernel = ExitStatus(code: 4)
  static let incompleteData = ExitStatus(code: 5)
  static let thresholdExceeded = ExitStatus(code: 6)

  func exit() -> Never { Glibc.exit(code) }
}

/// One clear line for a person, and the status that goes with it.
struct ToolFailure: Error {
  let message: String
  let status: ExitStatus

  init(_ message: String, status: ExitStatus = .runtimeError) {
    self.message = message
    self.status = status
  }
}
