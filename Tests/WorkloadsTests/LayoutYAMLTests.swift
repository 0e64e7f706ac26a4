import Measures
import Testing
import Workloads

@Suite("Long form of a layout")
struct LayoutYAMLTests {
  @Test("every short form survives the long form", arguments: LayoutShortFormTests.forms)
  func roundTrip(form: String) throws {
    let layout = try Layout(form)
    let again = try Layout(yaml: layout.yaml)
    #expect(again == layout)
    #expect(again.yaml == layout.yaml)
    #expect(again.shortForm == form)
  }

  @Test(
    "names that YAML would take for something else survive",
    arguments: ["null", "true", "1", "a: b", "- x", "#no", "\"q\" \\ 'q'", "\n\t", " lead", "~"])
  func awkwardNames(name: String) throws {
    let layout = Layout(
      name: name, partition: .one, fixes: [.perCPU(lockClass: name)],
      policies: [name: PolicyOverride(.owned)],
      defaults: PolicyTable([.init(words: [name], .door, group: name, reason: name)]))
    #expect(try Layout(yaml: layout.yaml) == layout)
  }

  @Test("a file by hand needs only its partition")
  func minimal() throws {
    let layout = try Layout(
      yaml: """
        schema: oslet.layout/1
        partition: { kind: uniform, size: 4 }
        services:
          - group: fs
            count: 2
            size: 16
        """)
    #expect(try layout == Layout("4x+fs:2x16"))
    #expect(layout.defaults == .standard)
  }

  /// Whether the text follows a schema line, the text, and what the error must say.
  static let wrong: [(afterSchema: Bool, text: String, says: String)] = [
    (false, "partition: {kind: one}", "'schema' is missing"),
    (false, "schema: oslet.layout/9\npartition: {kind: one}", "oslet.layout/9"),
    (true, "", "'partition' is missing"),
    (true, "partition: {kind: two}", "line 2: partition.kind: one of one,"),
    (true, "partition: {kind: uniform}", "line 2: partition: 'size' is missing"),
    (true, "partition: {kind: one, size: 4}", "has no 'size'"),
    (
      true, "partition: {kind: one}\nplacment: cpu",
      "line 3: placment: no such key; allowed: schema"
    ),
    (true, "partition: {kind: one}\nplacement: far", "spread, cpu, process"),
    (
      true, "partition: {kind: one}\nservices:\n  - {group: fs, size: 0}",
      "line 4: services[0].size: a whole number"
    ),
    (
      true, "partition: {kind: one}\nservices: [{group: a, size: 1}, {group: a, size: 1}]",
      "named twice"
    ),
    (
      true, "partition: {kind: one}\npolicies:\n  a: {crossing_share: 2}",
      "policies.a.crossing_share: a number from 0"
    ),
    (true, "partition: {kind: one}\npolicies: {a: {stripes: 2}}", "striped"),
    (true, "partition: {kind: one}\nfixes: [{fix: magic}]", "numa-handover"),
    (
      true, "partition: {kind: one}\nfixes: [{fix: shard, class: a}]", "fixes[0]: 'ways' is missing"
    ),
    (false, "[", "layout file"), (false, "", "empty"), (false, "a: [b", "layout file"),
    (false, "- 1", "a mapping"),
  ]

  @Test("an error names the line, the key and what is allowed", arguments: wrong)
  func errors(afterSchema: Bool, text: String, says: String) {
    let text = afterSchema ? "schema: oslet.layout/1\n" + text : text
    let error = #expect(throws: WorkloadError.self) { try Layout(yaml: text) }
    let said = error?.description ?? ""
    #expect(said.contains(says), "\(said)")
    #expect(!said.contains("\n"))
  }

  @Test("hostile sizes are refused before the parser sees them")
  func hostile() {
    for (mark, count) in [("[", 100_000), ("- ", 100_000), ("{a: ", 50_000), ("a", 2_000_000)] {
      let text = String(repeating: mark, count: count)
      #expect(throws: WorkloadError.self) { try Layout(yaml: text) }
    }
  }

  @Test("on a machine every OSlet is listed with its CPUs")
  func onMachine() throws {
    let layout = try Layout("4x+fs:1x8")
    let milan = try KnownMachines.machine(named: "epyc-7r13")
    let text = try layout.yaml(on: milan, cpus: 24)
    #expect(text.contains("#   OSlet 0: CPUs 0-7, socket 0, serves fs\n"))
    #expect(text.contains("#   OSlet 4: CPUs 20-23, socket 0\n"))
    #expect(try Layout(yaml: text) == layout)
    #expect(throws: WorkloadError.self) { try layout.yaml(on: milan, cpus: 1_000) }
  }

  @Test("rules of one's own replace the table")
  func ownDefaults() throws {
    let lock = LockClass(name: "my inode table", kind: .spinlock, scope: .image)
    let layout = try Layout(
      yaml: """
        schema: oslet.layout/1
        partition: { kind: uniform, size: 4 }
        defaults:
          - { words: [table], scope: image, sharing: door, group: mine, reason: ours }
        """)
    #expect(layout.defaults.rule(for: lock).sharing == .door)
    #expect(layout.defaults.group(of: lock) == "mine")
    #expect(PolicyTable.standard.rule(for: lock).sharing == .owned)
    let other = LockClass(name: "x", kind: .spinlock, scope: .image)
    #expect(layout.defaults.rule(for: other).sharing == .private)
  }
}
