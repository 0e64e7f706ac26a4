#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many system calls a task makes for its CPU time, alone and beside others of the load.
///
/// What a second CPU takes from every operation without a traced wait - lines of reference counts,
/// bitmaps and futex words, writers that spin for an rwsem - shows nowhere but here. Stints on a CPU
/// of which the task was alone for different parts are a regression: calls = alone x time alone +
/// beside x time beside, least squares weighted with one over the spread of a count, squared, which grows with
/// the length of a short stint and with the square of that of a long one.
struct Pace: Sendable, Equatable {
  /// Stints, and their time alone and beside others, nanoseconds.
  private(set) var stints = 0.0
  private(set) var aloneNs = 0.0
  private(set) var besideNs = 0.0
  private var alone2 = 0.0
  private var product = 0.0
  private var beside2 = 0.0
  private var aloneCalls = 0.0
  private var besideCalls = 0.0
  private var calls2 = 0.0

  /// System calls a nanosecond of CPU time.
  struct Rates: Sendable, Equatable {
    var alone: Double
    var beside: Double
    /// One standard deviation of `alone` less `beside`.
    var error: Double
  }

  /// Stints shorter than this weigh as if they were as long, nanoseconds: what a switch itself takes.
  private static let shortest = 2000.0
  /// Up to about this length, nanoseconds, calls scatter as if each came by chance.
  ///
  /// Beyond it they scatter by as much of them however long the stint is, as caches and the host have it: of a
  /// load that writes one file by a twentieth.
  private static let steady = 250_000.0
  /// Fewest stints that are a sample.
  private static let fewest = 20.0

  /// Adds a stint.
  mutating func add(_ stint: Company.Stint) {
    let (alone, beside) = (Double(stint.alone), Double(stint.beside))
    let calls = Double(stint.systemCalls)
    let length = alone + beside
    let weight = 1 / ((length + Self.shortest) * (1 + length / Self.steady))
    stints += 1
    aloneNs += alone
    besideNs += beside
    alone2 += weight * alone * alone
    product += weight * alone * beside
    beside2 += weight * beside * beside
    aloneCalls += weight * alone * calls
    besideCalls += weight * beside * calls
    calls2 += weight * calls * calls
  }

  /// Adds another's stints.
  mutating func merge(_ other: Pace) {
    stints += other.stints
    aloneNs += other.aloneNs
    besideNs += other.besideNs
    alone2 += other.alone2
    product += other.product
    beside2 += other.beside2
    aloneCalls += other.aloneCalls
    besideCalls += other.besideCalls
    calls2 += other.calls2
  }

  /// Both rates; nil where the stints do not tell them apart.
  var rates: Rates? {
    let determinant = alone2 * beside2 - product * product
    guard stints >= Self.fewest, determinant > 1e-12 * alone2 * beside2 else { return nil }
    let alone = (beside2 * aloneCalls - product * besideCalls) / determinant
    let beside = (alone2 * besideCalls - product * aloneCalls) / determinant
    let rest = max(0, calls2 - alone * aloneCalls - beside * besideCalls) / (stints - 2)
    let variance = rest * (alone2 + beside2 + 2 * product) / determinant
    return Rates(alone: alone, beside: beside, error: variance.squareRoot())
  }

  /// How far system calls for CPU time are off, by how much stints differ: one standard deviation of its
  /// logarithm; nil where they are too few to say.
  var error: Double? {
    let time2 = alone2 + beside2 + 2 * product
    let calls = aloneCalls + besideCalls
    guard stints >= Self.fewest, time2 > 0, calls > 0 else { return nil }
    let rate = calls / time2
    let rest = max(0, calls2 - rate * calls) / (stints - 1)
    return (rest / time2).squareRoot() / rate
  }

  /// The share of the CPU time beside others that tasks lose by them, and its standard deviation: nil
  /// unless it is three of them and a twentieth.
  var lost: (share: Double, error: Double)? {
    guard let rates, rates.beside > 0, rates.alone > rates.beside,
      rates.alone - rates.beside >= 3 * rates.error
    else { return nil }
    let share = 1 - rates.beside / rates.alone
    return share >= 0.05 ? (share, rates.error / rates.alone * (1 - share)) : nil
  }
}
