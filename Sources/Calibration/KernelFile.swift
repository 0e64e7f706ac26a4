import FoundationEssentials

/// The small text files by which the kernel describes itself.
enum KernelFile {
  /// The text without the final newline; nil where the file cannot be read.
  static func text(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// The CPU numbers of a list such as `0-3,8`; nil for any other text.
  ///
  /// Source: Linux Documentation/admin-guide/cputopology.rst, "cpulist".
  static func cpuList(_ text: String) -> [Int]? {
    var numbers: [Int] = []
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends[0], let last = ends[ends.count - 1], ends.count <= 2,
        first >= 0, first <= last, last < 1 << 16
      else { return nil }
      numbers += first...last
    }
    return numbers
  }
}
