import Testing
import Workloads

@Suite("Short form of a layout")
struct LayoutShortFormTests {
  /// Every form of the table in docs/design.md, and every part of docs/layouts.md.
  static let forms = [
    "one", "4x", "16x", "256x4", "32x32", "4,4,8", "8,", "by=l3", "by=node", "by=socket", "by=core",
    "32x32/tree", "32x32/flat", "32x32/ring", "8x8x4/tree", "4x+fs:2x16", "4x+fs:2x16+net:1x4",
    "one+numa-handover", "one+shard:dentry=16", "one+percpu:zone", "one+lockless:dentry",
    "one+broadcast-tlb", "one+split:lruvec@node", "one+numa-handover+shard:a=2+broadcast-tlb",
    "4x+owned:dentry", "4x+door:dentry", "4x+replicated:mount_lock", "4x+striped:dentry",
    "4x+striped:dentry=8", "4x+shared:page_cache", "4x+private:*", "4x+cross:mmap_lock=0.01",
    "4x+notified:dentry", "4x+polled:fs", "4x+owned:a+notified:a+cross:a=0.5",
    "4x+owned:inode i_rwsem via open", "4x+owned:\"a+b=\\\"c\\\"\"", "4x+place=process",
  ]

  @Test("every form reads back from its own text", arguments: forms)
  func roundTrip(form: String) throws {
    let layout = try Layout(form)
    #expect(layout.shortForm == form)
    #expect(layout.name == form)
    #expect(try Layout(layout.shortForm) == layout)
  }

  @Test("forms mean what the design says")
  func meanings() throws {
    #expect(try Layout("one") == .one)
    #expect(try Layout("4x").partition == .uniform(count: nil, size: 4))
    #expect(try Layout("256x4").partition == .uniform(count: 256, size: 4))
    #expect(try Layout("4,4,8").partition == .uneven([4, 4, 8]))
    #expect(
      try Layout("32x32/tree").partition
        == .hierarchy(groups: 32, perGroup: 32, size: nil, broadcast: .tree))
    let fs = try Layout("4x+fs:2x16")
    #expect(fs.services == [Service(group: "fs", count: 2, size: 16)])
    let mixed = try Layout("one+split:lru@l3+percpu:zone+striped:d=8+cross:d=0.25")
    #expect(mixed.fixes == [.split(lockClass: "lru", cut: .l3), .perCPU(lockClass: "zone")])
    #expect(
      mixed.policies["d"] == PolicyOverride(.striped, crossingShare: 0.25, stripes: 8))
  }

  @Test(
    "an error names the position and what is allowed there",
    arguments: [
      ("", "character 1", "one, 4x, 256x4"), ("two", "character 1", "one, 4x, 256x4"),
      ("4", "character 2", "'x'"), ("0x", "character 1", "from 1 to 65536"),
      ("4x+", "character 4", "numa-handover"), ("by=die", "character 4", "core, l3, node, socket"),
      ("32x32/star", "character 7", "flat, tree, ring"), ("4x4x4", "character 6", "/tree"),
      ("one+shard:a", "character 12", "number of ways"), ("one+shard:a=0", "character 13", "1 to"),
      ("one+split:a", "character 12", "'@'"), ("4x+cross:a=2", "character 12", "0 to 1"),
      ("4x+fs:2", "character 8", "'x' between"), ("4x+sahrd:a=3", "character 4", "'sahrd'"),
      ("4x+fs:1x1+fs:2x2", "character 11", "twice"), ("4x fs:2x2", "character 3", "'+'"),
      ("4x+owned:\"a", "character 10", "ends in"), ("99999999999999999999x", "character 1", "1 to"),
    ])
  func errors(text: String, place: String, allowed: String) {
    let error = #expect(throws: WorkloadError.self) { try Layout(text) }
    let said = error?.description ?? ""
    #expect(said.contains("at \(place):"), "\(said)")
    #expect(said.contains(allowed), "\(said)")
    #expect(!said.contains("\n"))
  }
}
