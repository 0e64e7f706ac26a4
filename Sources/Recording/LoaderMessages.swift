import CBPF
import Glibc
import Synchronization

/// One list for the process: libbpf's print function is one for the process, and takes no context.
private let lines = Mutex<[String]>([])

/// What libbpf has to say while it loads, kept for the error instead of written to standard error.
enum LoaderMessages {
  /// Directs libbpf's messages here, and forgets earlier ones.
  static func collect() {
    lines.withLock { $0 = [] }
    unsafe libbpf_set_print { level, format, arguments in
      guard level == LIBBPF_WARN, let format = unsafe format,
        let arguments = unsafe arguments
      else { return 0 }
      // SAFETY: libbpf passes a format and its arguments; vsnprintf bounds what it writes.
      let line = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
        guard let base = buffer.baseAddress else { return "" }
        unsafe vsnprintf(base, buffer.count, format, arguments)
        return unsafe String(cString: base)
      }
      lines.withLock { if $0.count < 400 { $0.append(line) } }
      return 0
    }
  }

  /// The line that says most: the first that names a cause, without libbpf's prefix.
  static var cause: String {
    let all = lines.withLock { $0 }
    let line =
      all.first { $0.contains("failed") || $0.contains("error") } ?? all.first
      ?? "no message from libbpf"
    return line.split(separator: "\n").first.map { text in
      text.hasPrefix("libbpf: ") ? String(text.dropFirst(8)) : String(text)
    } ?? line
  }
}
