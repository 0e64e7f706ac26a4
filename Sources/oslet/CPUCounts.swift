import ArgumentParser

/// The sizes of a sweep as the command line spells them: `1,2,4,8`, `1-16`, or `1..1024` (powers of
/// two, the end included).
struct CPUCounts: ExpressibleByArgument, Equatable {
  let counts: [Int]

  init(_ counts: [Int]) { self.counts = counts }

  init?(argument: String) {
    var counts: Set<Int> = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let added = Self.expand(part) else { return nil }
      counts.formUnion(added)
    }
    self.counts = counts.sorted()
  }

  var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }

  private static func expand(_ part: Substring) -> [Int]? {
    if let dots = part.firstRange(of: "..") {
      guard let (low, high) = bounds(part[..<dots.lowerBound], part[dots.upperBound...])
      else { return nil }
      var powers: [Int] = []
      var size = low
      while size < high {
        powers.append(size)
        size *= 2
      }
      return powers + [high]
    }
    if let dash = part.firstIndex(of: "-") {
      guard let (low, high) = bounds(part[..<dash], part[part.index(after: dash)...])
      else { return nil }
      return Array(low...high)
    }
    guard let (one, _) = bounds(part, part) else { return nil }
    return [one]
  }

  private static func bounds(_ low: Substring, _ high: Substring) -> (Int, Int)? {
    guard let low = Int(low), let high = Int(high), 1 <= low, low <= high, high <= 65_536
    else { return nil }
    return (low, high)
  }
}
