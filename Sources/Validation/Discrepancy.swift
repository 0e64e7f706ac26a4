#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a calibrated model still misses: a Gaussian process over the logarithm of the thread count that
/// walks at random, so that the miss at the last known rows stays and is less and less certain.
///
/// Source: M. C. Kennedy and A. O'Hagan, "Bayesian calibration of computer models", J. R. Statist.
/// Soc. B 63(3), 2001 (model discrepancy); kernel of N. Wiener, with one unit of variance at one thread.
struct Discrepancy: Sendable {
  /// No model of a lock is believed to be better than this, relative, over a factor of e in threads: of
  /// a loop around one lock whose times are given, of any other loop, and of a program with many locks.
  static let floor = (loop: 0.05, other: 0.08, program: 0.12)

  private let places: [Double]
  private let amplitude: Double
  private let system: SymmetricSystem
  private let weights: [Double]

  /// The discrepancy of residuals (log measured - log modelled) at thread counts.
  init(threads: [Int], residuals: [Double], noise: Double, floor: Double) {
    let places = threads.map { log(Double($0)) }
    let squares = residuals.reduce(0) { $0 + $1 * $1 } / Double(max(1, residuals.count))
    // Few residuals say little of how far a model may miss, as with Student's t.
    let unseen = floor * floor * (1 + 4 / Double(max(1, residuals.count)))
    let amplitude = min(0.4, (unseen + squares).squareRoot())
    let matrix = places.indices.map { i in
      places.indices.map { j in
        Self.kernel(places[i], places[j], amplitude) + (i == j ? noise * noise : 0)
      }
    }
    self.places = places
    self.amplitude = amplitude
    system = SymmetricSystem(matrix)
    weights = system.solve(residuals)
  }

  /// The expected miss at a thread count, and its variance; both of logarithms.
  func forecast(threads: Int) -> (mean: Double, variance: Double) {
    let here = places.map { Self.kernel($0, log(Double(threads)), amplitude) }
    return (
      dot(here, weights),
      max(0, amplitude * amplitude * (1 + log(Double(threads))) - dot(here, system.solve(here)))
    )
  }

  private static func kernel(_ a: Double, _ b: Double, _ amplitude: Double) -> Double {
    amplitude * amplitude * (1 + min(a, b))
  }
}
