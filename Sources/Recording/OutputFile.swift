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
    let isNew = try moveAside(path)
    // Created and not opened, or a link of that name put there meanwhile would be followed.
    let flags = isNew ? O_CREAT | O_EXCL : O_TRUNC
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC | flags, 0o600)
    guard descriptor >= 0 else { throw .output(path: path, errno: oslet_errno()) }
    if isRegular(descriptor) {
      fchmod(descriptor, 0o600)
      if let owner = Privileges.invoker() { fchown(descriptor, owner.user, owner.group) }
    }
    return descriptor
  }

  /// Throws unless snapshots and further files can still be written, as the user that the process has
  /// become.
  static func expectSnapshots(_ options: RecordOptions) throws(RecordError) {
    guard options.overwrite != nil || options.switchOutput != nil else { return }
    let end = options.output.lastIndex(of: "/")
    let folder = end.map { String(options.output[...$0]) } ?? "."
    if unsafe access(folder, W_OK) != 0 {
      throw .badOption(
        options.overwrite == nil ? "--switch-output" : "--overwrite",
        reason: "user \(getuid()), who writes the later files, may not write into \(folder); "
          + "name another folder with -o")
    }
  }

  /// Makes room for a new file; false where what stands there is written to as it is, a device or
  /// a pipe.
  private static func moveAside(_ path: String) throws(RecordError) -> Bool {
    let existing = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard existing >= 0 else {
      if oslet_errno() == ENOENT { return true }
      throw .output(path: path, errno: oslet_errno())
    }
    defer { close(existing) }
    guard isRegular(existing) else { return false }
    var start = [UInt8](repeating: 0, count: TraceWriter.magic.count)
    let count = unsafe read(existing, &start, start.count)
    // An empty file is nobody's data: a recording cut before its first block leaves one.
    guard count == 0 || start == TraceWriter.magic else { throw .foreignFile(path: path) }
    guard unsafe rename(path, path + ".old") == 0 else {
      throw .output(path: path + ".old", errno: oslet_errno())
    }
    return true
  }

  private static func isRegular(_ descriptor: Int32) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
