import Testing

@testable import Recording

@Suite("Locks in slab objects")
struct SlabFieldsTests {
  @Test("an address lies as far into its object as the cache's stride says")
  func offset() throws {
    // Objects of 192 bytes in slabs of one page, of 1,024 in slabs of eight.
    let small = SlabCache(name: "a", geometry: 192, pageSize: 4096)
    #expect(small.offset(of: 0xffff_8880_0000_1000 + 5 * 192 + 24) == 24)
    let large = SlabCache(name: "b", geometry: 3 << 32 | 1024, pageSize: 4096)
    #expect(large.offset(of: 0xffff_8880_0000_8000 + 31 * 1024 + 1023) == 1023)
    let odd = SlabCache(name: "c", geometry: 3 << 32 | 680, pageSize: 4096)
    #expect(odd.offset(of: 0xffff_8880_0000_8000 + 20 * 680 + 8) == 8)
    // What the probe could not say, or says wrongly, gives nothing.
    #expect(SlabCache(name: "d", geometry: 0, pageSize: 4096).offset(of: 1) == nil)
    #expect(SlabCache(name: "e", geometry: 8192, pageSize: 4096).offset(of: 1) == nil)
    #expect(SlabCache(name: "f", geometry: 99 << 32 | 64, pageSize: 4096).offset(of: 1) == nil)
  }

  @Test("a cache is called after its type, with endings")
  func typeNames() {
    #expect(SlabFields.typeNames("shmem_inode_cache").contains("shmem_inode_info"))
    #expect(SlabFields.typeNames("sighand_cache").contains("sighand_struct"))
    #expect(SlabFields.typeNames("TCP").last == "tcp_sock")
    #expect(SlabFields.typeNames("filp") == ["file"])
  }

  @Test(
    "the running kernel's types say where the locks are",
    .enabled(if: KernelFile.bytes("/sys/kernel/btf/vmlinux") != nil))
  func structures() throws {
    guard let types = KernelTypes() else { return }
    let found = types.structures(["task_struct", "dentry", "mm_struct", "no_such_structure"])
    #expect(found.keys.sorted() == ["dentry", "mm_struct", "task_struct"])
    let task = types.locks(inStructure: try #require(found["task_struct"]))
    #expect(task.map(\.offset) == Set(task.map(\.offset)).sorted())
    #expect(task.contains { $0.path == "pi_lock" })
    #expect(task.contains { $0.path == "alloc_lock" })
    let dentry = types.locks(inStructure: try #require(found["dentry"]))
    #expect(dentry.map(\.path) == ["d_lockref.lock"])
    // A sleeping lock and the spinlock inside it are two places.
    let mm = types.locks(inStructure: try #require(found["mm_struct"]))
    let outer = try #require(mm.first { $0.path == "mmap_lock" })
    let inner = try #require(mm.first { $0.path == "mmap_lock.wait_lock" })
    #expect(inner.offset > outer.offset)
  }

  @Test(
    "of caches that are one, the type with a lock at the offset names it; two such name nothing",
    .enabled(if: KernelFile.bytes("/sys/kernel/btf/vmlinux") != nil))
  func merged() throws {
    guard let types = KernelTypes() else { return }
    let found = types.structures(["dentry"])
    let dentry = types.locks(inStructure: try #require(found["dentry"]))
    let offset = UInt64(dentry[0].offset)
    let one = SlabFields(types, groups: [["dentry", "kmalloc-8"]])
    #expect(one.name(cache: "kmalloc-8", offset: offset) == "dentry.d_lockref.lock")
    #expect(one.name(cache: "dentry", offset: offset + 1) == nil)
    let two = SlabFields(types, groups: [["dentry", "dentry"]])
    #expect(two.name(cache: "dentry", offset: offset) == nil)
  }
}
