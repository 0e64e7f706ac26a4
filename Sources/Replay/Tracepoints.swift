/// What the tracepoints of the recorded kernel make of a wait: what a back-test counts.
struct Tracepoints: Sendable {
  /// Whether they show the first waiter of a queued spinlock.
  var showFirstSpinner = false
  /// By class, the way between the tracepoints of a waiter that finds the lock free, nanoseconds.
  ///
  /// No traced wait is shorter. Empty: none.
  var shortestWaits: [Double] = []

  /// The length of a wait as traced.
  @inline(__always)
  func length(_ wait: Double, of lockClass: Int) -> Double {
    lockClass < shortestWaits.count ? max(wait, shortestWaits[lockClass]) : wait
  }
}
