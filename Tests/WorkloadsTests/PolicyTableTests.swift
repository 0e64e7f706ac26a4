import Testing
import Workloads

@Suite("Defaults by class")
struct PolicyTableTests {
  @Test(
    "classes as analysis names them find their rule",
    arguments: [
      ("dentry spinlock", .owned, "fs"), ("ext4_inode_cache rwsem", .owned, "fs"),
      ("rwsem via do_unlinkat", .owned, "fs"), ("spinlock via d_alloc_parallel", .owned, "fs"),
      ("mutex via lock_rename", .owned, "fs"), ("mount_lock", .replicated, "fs"),
      ("rtnl_mutex", .replicated, "net"), ("tasklist_lock", .owned, "proc"),
      ("rq lock", .private, "sched"), ("spinlock via try_to_wake_up", .private, "sched"),
      ("zone or lru lock via folio_lruvec_lock_irqsave", .private, "mm"),
      ("mmap_lock", .private, "mm"), ("futex bucket", .private, "futex"),
      ("request_queue lock", .owned, "block"), ("sk_lock", .private, "net"),
      ("spinlock via something_else", .private, PolicyTable.unknown),
      ("irq_desc", .private, PolicyTable.unknown),
    ] as [(String, ClassPolicy.Sharing, String)])
  func names(name: String, sharing: ClassPolicy.Sharing, group: String) {
    let lock = LockClass(name: name, kind: .spinlock, scope: .image)
    #expect(PolicyTable.standard.rule(for: lock).sharing == sharing)
    #expect(PolicyTable.standard.group(of: lock) == group)
  }

  @Test("every scope has a default, and every rule a reason")
  func complete() {
    for scope in Scope.allCases {
      let lock = LockClass(name: "a", kind: .spinlock, scope: scope)
      let expected: ClassPolicy.Sharing =
        scope == .filesystem || scope == .device ? .owned : .private
      #expect(PolicyTable.standard.rule(for: lock).sharing == expected)
    }
    #expect(PolicyTable.standard.rules.allSatisfy { !$0.reason.isEmpty })
    for (index, rule) in PolicyTable.standard.rules.enumerated() {
      #expect(rule.words.allSatisfy { $0 == $0.lowercased() }, "rule \(index)")
    }
  }

  @Test("a class's own group wins over its rule's")
  func ownGroup() {
    let lock = LockClass(name: "dentry", kind: .spinlock, scope: .image, group: "mine")
    #expect(PolicyTable.standard.group(of: lock) == "mine")
  }
}
