import CBPF
import Glibc

/// The file that a recording is written to, open for as long as this value lives.
struct TraceFile: ~Copyable {
  /// Its name as it was given; `-` is standard output.
  let path: String
  /// Its descriptor.
  let descriptor: Int32

  /// Opens it as `OutputFile.open` does.
  init(_ path: String) throws(RecordError) {
    descriptor = try OutputFile.open(path)
    self.path = path
  }

  deinit { close(descriptor) }

  /// Bytes written so far; 0 where the system does not say.
  var byteCount: UInt64 { UInt64(clamping: lseek(descriptor, 0, SEEK_CUR)) }

  /// Names the file after the moment in which it ends, as perf does: `PATH.2026112219301542`, local
  /// time to hundredths of a second.
  ///
  /// - Returns: the name, made unique by a number behind it where there is such a file.
  static func stamp(_ path: String, realtime nanoseconds: UInt64) throws(RecordError) -> String {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var local = unsafe tm()
    unsafe localtime_r(&seconds, &local)
    var text = [CChar](repeating: 0, count: 32)
    let count = unsafe strftime(&text, text.count, "%Y%m%d%H%M%S", &local)
    let hundredths = nanoseconds / 10_000_000 % 100
    let digits = String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let name = "\(path).\(digits)\(hundredths < 10 ? "0" : "")\(hundredths)"
    var unique = name
    var number = 0
    while unsafe access(unique, F_OK) == 0 {
      number += 1
      unique = "\(name)-\(number)"
    }
    guard unsafe rename(path, unique) == 0 else {
      throw .output(path: unique, errno: oslet_errno())
    }
    return unique
  }
}
