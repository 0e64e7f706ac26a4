/// A conventional remedy inside one image.
public enum Fix: Hashable, Sendable {
  /// Hand queued locks to a waiter of the same socket first (CNA).
  case numaHandover
  /// Split each instance of the class into this many.
  case shard(lockClass: String, ways: Int)
  /// One instance a CPU.
  case perCPU(lockClass: String)
  /// Readers without a lock.
  case lockless(lockClass: String)
  /// TLB shootdowns by hardware broadcast.
  case broadcastTLB
  /// One instance per core, island, node or socket inside one image.
  case split(lockClass: String, cut: TopologyCut)
}
