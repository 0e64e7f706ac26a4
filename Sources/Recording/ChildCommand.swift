import CBPF
import Glibc

/// How the recorded command ended.
public enum ChildStatus: Hashable, Sendable {
  /// With this exit status.
  case exited(Int32)
  /// By this signal.
  case signalled(Int32)

  /// The status a shell would give: that of the command, or 128 and the signal.
  public var exitStatus: Int32 {
    switch self {
    case .exited(let status): status
    case .signalled(let number): 128 + number
    }
  }
}

/// A command that is started, held before its first instruction, let go when the probes are
/// attached, and waited for.
struct ChildCommand: ~Copyable {
  /// Its process id.
  let process: Int32
  private var gate: Int32
  /// How it ended; nil while it runs.
  private(set) var status: ChildStatus?

  /// Starts the command and holds it.
  init(_ arguments: [String]) throws(RecordError) {
    var gate: Int32 = -1
    // SAFETY: the strings live until they are freed below; the child has its own copy by then.
    let words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    process = unsafe words.withUnsafeBufferPointer {
      unsafe oslet_spawn_held($0.baseAddress, &gate)
    }
    for index in unsafe words.indices { unsafe free(words[index]) }
    self.gate = gate
    if process < 0 { throw .command(arguments[0], errno: -process) }
  }

  deinit { if gate >= 0 { close(gate) } }

  /// Lets it go.
  mutating func release() {
    var go: UInt8 = 1
    unsafe write(gate, &go, 1)
    close(gate)
    gate = -1
  }

  /// Whether it has ended; asks the kernel without waiting.
  mutating func hasEnded() -> Bool {
    if status != nil { return true }
    var word: Int32 = 0
    guard unsafe waitpid(process, &word, WNOHANG) == process else { return false }
    // The layout of the wait status is the kernel's: <bits/waitstatus.h>.
    let number = word & 0x7f
    status = number == 0 ? .exited(word >> 8 & 0xff) : .signalled(number)
    return true
  }

  /// Asks it to end, waits for two seconds, then kills it.
  mutating func end() {
    if hasEnded() { return }
    kill(process, SIGTERM)
    for _ in 0..<200 {
      if hasEnded() { return }
      usleep(10_000)
    }
    kill(process, SIGKILL)
    var word: Int32 = 0
    unsafe waitpid(process, &word, 0)
    status = .signalled(SIGKILL)
  }
}
