import Testing
import TraceFormat

@testable import Recording

@Suite("Filters")
struct FilterTests {
  static func bits(_ flags: [LockFlags]) -> UInt64 {
    flags.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
  }

  @Test("types have perf's names; without a side both are meant, and a mutex also spins")
  func types() throws {
    #expect(try LockTypes.parse("spinlock").flags == Self.bits([.spin]))
    #expect(try LockTypes.parse("rwlock:R").flags == Self.bits([[.spin, .read]]))
    #expect(try LockTypes.parse("rwsem").flags == Self.bits([.read, .write]))
    #expect(try LockTypes.parse("mutex").flags == Self.bits([.mutex, [.mutex, .spin]]))
    #expect(try LockTypes.parse("percpu-rwsem:W") == LockTypes.parse("percpu-rwmem:W").renamed)
    #expect(
      try LockTypes.parse("rwsem:W,semaphore,rtmutex").flags
        == Self.bits([.write, [], .realTime]))
    for bad in ["", "spin", "rwsem:X", "mutex:R", "spinlock,,foo"] {
      #expect(throws: RecordError.self) { try LockTypes.parse(bad) }
    }
  }

  @Test("a lock is an address, a variable, a known field or a slab cache, in that order")
  func locks() throws {
    let symbols = KernelSymbols(
      parsing: Array(
        """
        ffffffff81000000 T _stext
        ffffffff82000000 D tasklist_lock
        ffffffff82000008 d dentry
        ffffffff82000040 b next_one

        """.utf8))
    func select(_ names: [String]) throws -> LockSelection {
      try LockSelection(names, symbols: { symbols }, knownCaches: { ["dentry", "filp"] })
    }
    let found = try select(["0xffff888100000040", "ffff888100000080", "tasklist_lock", "dentry"])
    #expect(
      found.ranges == [
        0xffff_8881_0000_0040..<0xffff_8881_0000_0041,
        0xffff_8881_0000_0080..<0xffff_8881_0000_0081,
        0xffff_ffff_8200_0000..<0xffff_ffff_8200_0008,
        0xffff_ffff_8200_0008..<0xffff_ffff_8200_0040,
      ])
    #expect(found.caches.isEmpty && found.hints == 0)
    let others = try select(["mmap_lock", "pi_lock", "filp"])
    #expect(others.ranges.isEmpty)
    #expect(others.hints == 1 << 1 | 1 << 10)
    #expect(others.caches == ["filp"])
    #expect(throws: RecordError.self) { try select(["no_such_lock"]) }
    #expect(throws: RecordError.self) { try select((0..<17).map { "0x\($0)" }) }
  }

  @Test("the unified hierarchy is found beside those of version 1")
  func hierarchy() {
    let mounts = """
      cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0
      cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
      """
    #expect(CgroupSelection.unifiedRoot(mounts: mounts) == "/sys/fs/cgroup/unified")
    #expect(CgroupSelection.unifiedRoot(mounts: "proc /proc proc rw 0 0") == nil)
  }
}

extension LockTypes {
  /// The same types under the words that `parse` was given, for comparing what they mean.
  fileprivate var renamed: LockTypes { LockTypes(flags: flags, names: ["percpu-rwsem:W"]) }
}
