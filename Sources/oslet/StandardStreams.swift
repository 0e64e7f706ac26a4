import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Writes results to standard output, whole, through short writes and interruptions.
///
/// A reader that has gone away (`| head`) ends the process quietly, as it ends other filters.
func writeOutput(_ text: String) { writeOutput(Data(text.utf8)) }

/// The same for bytes.
func writeOutput(_ data: Data) {
  if !writeAll(data, to: 1) { ExitStatus.ok.exit() }
}

/// Writes progress, warnings and failures to standard error.
func writeError(_ text: String) { _ = writeAll(Data(text.utf8), to: 2) }

/// Whether standard error is a terminal, where a progress line makes sense.
var errorIsTerminal: Bool { isatty(2) == 1 }

private func writeAll(_ data: Data, to descriptor: Int32) -> Bool {
  var rest = data[...]
  while !rest.isEmpty {
    // SAFETY: the pointer and the count come from one live buffer.
    let written = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    if written < 0 {
      if errno == EINTR || errno == EAGAIN { continue }
      return false
    }
    rest = rest.dropFirst(written)
  }
  return true
}

/// Writes `data` to `path`, or to standard output for nil and `-`.
///
/// A file is written beside its place and renamed, so that a reader never sees half of it.
func deliver(_ data: Data, to path: String?) throws(ToolFailure) {
  guard let path, path != "-" else {
    writeOutput(data)
    return
  }
  do {
    try data.write(to: URL(filePath: path), options: isReplaceable(path) ? .atomic : [])
  } catch {
    throw ToolFailure("cannot write \(path): \(reason(error))")
  }
}

/// Whether another file may take the place of what is at `path`, which is nothing or a file.
///
/// A device or a pipe is written to as it is.
func isReplaceable(_ path: String) -> Bool {
  var status = stat()
  // SAFETY: the path and the status live through the call.
  return unsafe stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
}

/// The bytes of the file at `path`, or of standard input for `-`.
func readInput(_ path: String) throws(ToolFailure) -> Data {
  do {
    return try Data(contentsOf: URL(filePath: path == "-" ? "/dev/stdin" : path))
  } catch {
    throw ToolFailure("cannot read \(path): \(reason(error))")
  }
}

/// A file-system error in words.
private func reason(_ error: any Error) -> String {
  guard let known = error as? CocoaError else { return "\(error)" }
  switch known.code {
  case .fileNoSuchFile, .fileReadNoSuchFile: return "no such file"
  case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
  case .fileWriteOutOfSpace: return "no space left on the device"
  default: return "\(known)"
  }
}
