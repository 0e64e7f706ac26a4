/// A pseudo-random generator whose numbers depend on its seed alone: xoshiro256++.
///
/// Source: David Blackman and Sebastiano Vigna, "Scrambled linear pseudorandom number generators",
/// ACM TOMS 47(4), 2021; seeding by SplitMix64 as its authors advise.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// The generator of `seed`; `stream` gives independent sequences under one seed (one a
  /// replication, one a task).
  public init(seed: UInt64, stream: UInt64 = 0) {
    var state = seed ^ (stream &* 0xD134_2543_DE82_EF95)
    func splitMix() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    s0 = splitMix()
    s1 = splitMix()
    s2 = splitMix()
    s3 = splitMix()
  }

  /// The next 64 uniform bits.
  @inlinable
  public mutating func next() -> UInt64 {
    let sum = s0 &+ s3
    let result = ((sum << 23) | (sum >> 41)) &+ s0
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// A uniform number in [0, 1), 53 bits.
  @inlinable
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A uniform whole number in 0..<bound by Lemire's multiplication ("Fast random integer generation
  /// in an interval", 2019), without its rejection step: the bias is below bound / 2^64.
  @inlinable
  public mutating func index(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
