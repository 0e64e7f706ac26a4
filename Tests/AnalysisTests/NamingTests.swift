import Analysis
import Testing
import Workloads

@Suite("Naming locks")
struct NamingTests {
  static let symbols = """
    symbol 0xffffffff81000000 size=256 type=t name=native_queued_spin_lock_slowpath
    symbol 0xffffffff81000100 size=256 type=T name=_raw_spin_lock_irqsave
    symbol 0xffffffff81000200 size=256 type=T name=do_renameat2
    symbol 0xffffffff81000300 size=256 type=T name="ext4_sync [ext4]"
    symbol 0xffffffff81000400 size=256 type=t name=bpf_prog_6deef7357e7b4530_begin
    symbol 0xffffffff82000000 size=64 type=d name=tasklist_lock
    stack 1 0xffffffff81000410 0xffffffff81000020 0xffffffff81000140 0xffffffff81000250
    stack 2 0xffffffff81000020 0xffffffff81000140 0xffffffff81000350

    """

  static func wait(_ lock: String, at: Int, stack: Int = 0, task: Int = 7) -> String {
    """
    1.000\(at)000 [0] tid=\(task) contention_begin lock=\(lock) flags=SPIN stack=\(stack)
    1.000\(at)500 [0] tid=\(task) contention_end lock=\(lock) ret=0

    """
  }

  @Test("a static lock has the variable's name and is the image's")
  func variable() throws {
    let found = try analyze(Self.symbols + Self.wait("0xffffffff82000010", at: 100, stack: 1))
    #expect(found.classes.map(\.name) == ["tasklist_lock"])
    #expect(found.classes.map(\.scope) == [.image])
  }

  @Test("any other has its caller's, the lock's and the probe's own frames left out")
  func caller() throws {
    let found = try analyze(
      Self.symbols + Self.wait("0xffff888000000010", at: 100, stack: 1)
        + Self.wait("0xffff888000000010", at: 101) + Self.wait("0xffff888000000020", at: 102))
    #expect(found.classes.map(\.name) == ["spinlock via do_renameat2", "spinlock, unsampled"])
    #expect(
      found.classes[0].callers.map(\.symbol) == ["do_renameat2"]
        && found.classes[0].callers[0].contentions == 2,
      "a sampled stack stands for the waits up to the next")
    #expect(found.callers.map(\.name) == ["do_renameat2", "[no stack]"])
  }

  @Test("the caller seen most often on an instance names it")
  func usual() throws {
    let found = try analyze(
      Self.symbols + Self.wait("0xffff888000000010", at: 100, stack: 1)
        + Self.wait("0xffff888000000010", at: 101, stack: 2)
        + Self.wait("0xffff888000000010", at: 102, stack: 2))
    #expect(found.classes.map(\.name) == ["spinlock via ext4_sync [ext4]"])
  }

  @Test("who takes one lock of a kind and no other names it; a field of a slab object comes first")
  func roles() throws {
    let text =
      Self.symbols + """
        symbol 0xffff888000004000 size=1 type=k name=kmalloc-2k
        symbol 0xffff888000005000 size=1 type=k name=dentry
        symbol 0xff8f888000005000 size=1 type=f name=dentry.d_lockref.lock
        1.000001000 [0] tid=7 lock_seen lock=0xffff888000100408 hint=slab object=0xffff888000100000 cache=0xffff888000004000
        1.000001000 [0] tid=7 lock_seen lock=0xffff888000200070 hint=slab object=0xffff888000200000 cache=0xffff888000005000
        1.000001000 [0] tid=7 lock_seen lock=0xffff888000300078 hint=slab object=0xffff888000300000 cache=0xffff888000005000
        1.000002000 [0] tid=7 contention_begin lock=0xffff888000100408 flags=SPIN|MUTEX owner=9 stack=1
        1.000003000 [0] tid=7 contention_end lock=0xffff888000100408 ret=0
        1.000004000 [0] tid=7 contention_begin lock=0xffff888000500408 flags=READ owner=reader:9
        1.000005000 [0] tid=7 contention_end lock=0xffff888000500408 ret=0

        """ + Self.wait("0xffff888000200070", at: 102, stack: 1)
      + Self.wait("0xffff888000300078", at: 103, stack: 1)
    let found = try analyze(text)
    #expect(
      found.classes.map(\.name).sorted() == [
        "dentry+0x78 spinlock", "dentry.d_lockref.lock", "rwsem, unsampled",
        "super_block.s_vfs_rename_mutex",
      ])
    #expect(found.owners.begins == 2)
    #expect(found.owners.known == 2)
    #expect(found.owners.readers == 1)
  }

  @Test("a hint names before a stack does, and gives the scope")
  func hints() throws {
    let found = try analyze(
      Self.symbols + """
        1.000001000 [0] tid=7 lock_seen lock=0xffff888000000010 hint=mmap_lock object=0x1 cache=0
        1.000001000 [0] tid=7 lock_seen lock=0xffff888000000020 hint=rq object=0x1 cache=0

        """ + Self.wait("0xffff888000000010", at: 100, stack: 1)
        + Self.wait("0xffff888000000020", at: 102, stack: 1))
    #expect(found.classes.map(\.name).sorted() == ["mmap_lock", "rq lock"])
    #expect(found.classes.first { $0.name == "mmap_lock" }?.scope == .process)
    #expect(found.classes.first { $0.name == "rq lock" }?.scope == .cpu)
  }

  @Test("an unnamed class is a process's where each instance has one process, else the image's")
  func scope() throws {
    let tasks = "task 7 process=7 name=a cgroup=/x\ntask 8 process=8 name=b cgroup=/y\n"
    let own =
      Self.wait("0xffff888000000010", at: 100, stack: 1)
      + Self.wait("0xffff888000000020", at: 101, stack: 1, task: 8)
    #expect(try analyze(Self.symbols + tasks + own).classes.map(\.scope) == [.process])
    let shared = own + Self.wait("0xffff888000000020", at: 102, stack: 1)
    let found = try analyze(Self.symbols + tasks + shared)
    #expect(found.classes.map(\.scope) == [.image])
    #expect(
      found.tasks.map(\.name) == ["a/7", "b/8"] && found.cgroups.map(\.name) == ["/x", "/y"])
  }
}
