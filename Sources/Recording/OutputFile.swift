import CBPF
import Glibc
import TraceFormat

/// Where the trace goes: a file that only its owner reads, or standard output.
enum OutputFile {
  /// Opens the output.
  ///
  /// An earlier trace of that name becomes `NAME.old`; any other file is refused. Run through sudo,
  /// the file belongs to the user behind it.
  static func open(_ path: String) throws(RecordError) -> Int32 {
    if path == "-" {
      let descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
      guard descriptor >= 0 else { throw .output(path: path, errno: oslet_errno()) }
      return descriptor
    }
    try moveAside(path)
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .output(path: path, errno: oslet_errno()) }
    if isRegular(descriptor) {
      fchmod(descriptor, 0o600)
      if let owner = number("SUDO_UID"), let group = number("SUDO_GID") {
        fchown(descriptor, owner, group)
      }
    }
    return descriptor
  }

  private static func moveAside(_ path: String) throws(RecordError) {
    let existing = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard existing >= 0 else {
      if oslet_errno() == ENOENT { return }
      throw .output(path: path, errno: oslet_errno())
    }
    defer { close(existing) }
    guard isRegular(existing) else { return }
    var start = [UInt8](repeating: 0, count: TraceWriter.magic.count)
    let count = unsafe read(existing, &start, start.count)
    // An empty file is nobody's data: a recording cut before its first block leaves one.
    guard count == 0 || start == TraceWriter.magic else { throw .foreignFile(path: path) }
    guard unsafe rename(path, path + ".old") == 0 else {
      throw .output(path: path + ".old", errno: oslet_errno())
    }
  }

  private static func isRegular(_ descriptor: Int32) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func number(_ variable: String) -> UInt32? {
    guard let text = unsafe getenv(variable) else { return nil }
    return unsafe UInt32(String(cString: text))
  }
}
