import CBPF
import Glibc

/// Files of /proc and /sys: small, generated on reading, without a length beforehand.
enum KernelFile {
  /// The bytes of a file; nil when it cannot be read.
  ///
  /// Compressed files are expanded (zlib reads both kinds through one call).
  static func bytes(_ path: String) -> [UInt8]? {
    guard let file = unsafe gzopen(path, "re") else { return nil }
    // SAFETY: `file` is open until here; the buffer outlives each read into it.
    defer { unsafe gzclose(file) }
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { raw in
        unsafe gzread(file, raw.baseAddress, UInt32(raw.count))
      }
      guard count >= 0 else { return nil }
      guard count > 0 else { return all }
      all.append(contentsOf: chunk[..<Int(count)])
    }
  }

  /// A file as text; nil when it cannot be read.
  static func text(_ path: String) -> String? {
    bytes(path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A file's text without the line end.
  static func line(_ path: String) -> String? {
    text(path).map { String($0.prefix(while: { $0 != "\n" })) }
  }

  /// A number in a file.
  static func number(_ path: String) -> Int? { line(path).flatMap { Int($0) } }

  /// What a symbolic link points to; nil when it is none.
  static func target(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The names in a folder, sorted; empty when it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    // SAFETY: `directory` is open until here; an entry is valid until the next readdir.
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Where a symbolic link leads, as it is written; nil when it is none.
  static func link(_ path: String) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { text in
      guard let start = text.baseAddress else { return nil }
      let count = unsafe readlink(path, start, Int(PATH_MAX))
      guard count > 0 else { return nil }
      unsafe text[count] = 0
      return unsafe String(cString: start)
    }
  }

  /// A list of CPUs as the kernel writes it: `0-3,8,10-11`.
  static func cpuList(_ path: String) -> [Int]? {
    line(path).flatMap { CPUList.parse($0) }
  }
}
