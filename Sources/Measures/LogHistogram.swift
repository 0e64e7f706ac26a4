/// A histogram of spans with buckets of constant relative width: 16 a power of two, so that a
/// percentile read from it is within 1/32 (3.1 %) of the true one, whatever the scale.
///
/// Grows with the largest span seen and costs eight bytes a bucket; a package histogram (HDR) spends
/// its memory up front, which thousands of (class, caller, task) keys cannot afford.
public struct LogHistogram: Hashable, Sendable {
  /// Buckets a power of two.
  @usableFromInline static let perOctave = 16

  /// Counts by bucket; missing ones are zero.
  @usableFromInline var counts: [UInt64] = []
  /// How many spans were added.
  public private(set) var count: UInt64 = 0
  /// Their sum.
  public private(set) var total = Nanoseconds.zero
  /// The longest of them; zero while there are none.
  public private(set) var max = Nanoseconds.zero

  /// An empty histogram.
  public init() {}

  /// The mean span; zero while there are none.
  public var mean: Nanoseconds { count == 0 ? .zero : Nanoseconds(total.value / Double(count)) }

  /// Adds one span; a negative one counts as zero.
  public mutating func add(_ span: Nanoseconds) {
    let bounded = Swift.max(0, Swift.min(span.value, 0x1p62))
    let bucket = Self.bucket(of: UInt64(bounded))
    if bucket >= counts.count {
      counts.append(contentsOf: repeatElement(0, count: bucket + 1 - counts.count))
    }
    counts[bucket] += 1
    count += 1
    total += Nanoseconds(bounded)
    if bounded > max.value { max = Nanoseconds(bounded) }
  }

  /// Adds every span of `other`.
  public mutating func merge(_ other: LogHistogram) {
    if other.counts.count > counts.count {
      counts.append(contentsOf: repeatElement(0, count: other.counts.count - counts.count))
    }
    for (bucket, n) in other.counts.enumerated() { counts[bucket] += n }
    count += other.count
    total += other.total
    if other.max > max { max = other.max }
  }

  /// The span below which the share `q` (0...1) of all spans lies: the middle of its bucket, never
  /// above `max`; zero while there are none.
  ///
  /// O(buckets).
  public func quantile(_ q: Double) -> Nanoseconds {
    guard count > 0 else { return .zero }
    let rank = Swift.max(1, (q * Double(count)).rounded(.up))
    var seen = 0.0
    for (bucket, n) in counts.enumerated() {
      seen += Double(n)
      if seen >= rank { return Swift.min(Nanoseconds(Self.middle(of: bucket)), max) }
    }
    return max
  }

  /// Every bucket that holds something: its middle and how many spans it holds, ascending.
  public var buckets: [(middle: Nanoseconds, count: UInt64)] {
    counts.enumerated().compactMap { bucket, n in
      n == 0 ? nil : (Nanoseconds(Self.middle(of: bucket)), n)
    }
  }

  /// The bucket of a whole number of nanoseconds: exact below 16, then 16 to each power of two.
  @usableFromInline static func bucket(of value: UInt64) -> Int {
    guard value >= UInt64(perOctave) else { return Int(value) }
    let octave = 63 - value.leadingZeroBitCount
    let inOctave = Int((value >> UInt64(octave - 4)) & 15)
    return (octave - 3) * perOctave + inOctave
  }

  /// The middle of a bucket in nanoseconds.
  static func middle(of bucket: Int) -> Double {
    guard bucket >= perOctave else { return Double(bucket) }
    let octave = bucket / perOctave + 3
    let low = Double(16 + bucket % perOctave) * Double(UInt64(1) << UInt64(octave - 4))
    let width = Double(UInt64(1) << UInt64(octave - 4))
    return low + (width - 1) / 2
  }
}
