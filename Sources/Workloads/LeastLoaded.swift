/// Bins with a load each, of which the least loaded is taken next; the lowest number among equals.
///
/// A binary heap: taking and adding are O(log bins).
struct LeastLoaded {
  private var heap: [(load: Double, bin: Int)]

  /// `count` empty bins.
  init(count: Int) { heap = (0..<count).map { (0, $0) } }

  /// The least loaded bin, after adding `load` to it.
  mutating func add(_ load: Double) -> Int {
    let bin = heap[0].bin
    heap[0].load += load
    var index = 0
    while true {
      var least = index
      for child in 2 * index + 1...2 * index + 2 where child < heap.count {
        if heap[child] < heap[least] { least = child }
      }
      if least == index { return bin }
      heap.swapAt(index, least)
      index = least
    }
  }
}
