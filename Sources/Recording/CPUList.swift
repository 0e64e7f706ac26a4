/// Lists of CPUs in the kernel's notation.
public enum CPUList {
  /// The CPUs of `0-3,8,10-11`, ascending; nil when the text is no such list.
  public static func parse(_ text: some StringProtocol) -> [Int]? {
    if text.isEmpty { return [] }
    var cpus: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
      guard let low = ends.first.flatMap({ Int($0) }), ends.count <= 2,
        let high = ends.last.flatMap({ Int($0) }), (0...high).contains(low), high < 1 << 16
      else { return nil }
      cpus.formUnion(low...high)
    }
    return cpus.sorted()
  }
}
