import Measures
import Testing
import Workloads

@Suite("Layouts at random")
struct LayoutPropertyTests {
  /// A random layout over the classes of `ScenarioPolicyTests.nested`.
  private func layout(_ generator: inout SeededGenerator) -> Layout {
    func size() -> Int { Int.random(in: 1...20, using: &generator) }
    let names = ["outer", "inner", "alone", "mm", "unknown", "*"]
    let classes = names.prefix(4)
    func one<Choice>(_ choices: some Collection<Choice>) -> Choice? {
      choices.randomElement(using: &generator)
    }
    let partition: Partition
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: partition = .one
    case 1: partition = .uniform(count: nil, size: size())
    case 2: partition = .uniform(count: 64 * size(), size: size())
    case 3: partition = .topology(one(TopologyCut.allCases) ?? .l3)
    case 4: partition = .uneven((0..<size()).map { _ in size() })
    default:
      partition = .hierarchy(
        groups: 4 * size(), perGroup: 16 * size(), size: Bool.random(using: &generator) ? 1 : nil,
        broadcast: one(Broadcast.allCases) ?? .tree)
    }
    var layout = Layout(partition: partition)
    if Bool.random(using: &generator) {
      layout.services = [Service(group: "unknown", count: size(), size: size())]
    }
    for _ in 0..<Int.random(in: 0...2, using: &generator) {
      let name = one(classes) ?? "mm"
      let fixes: [Fix] = [
        .numaHandover, .broadcastTLB, .shard(lockClass: name, ways: size()),
        .perCPU(lockClass: name), .lockless(lockClass: name),
        .split(lockClass: name, cut: one(TopologyCut.allCases) ?? .l3),
      ]
      layout.fixes.append(one(fixes) ?? .numaHandover)
    }
    for name in names where Int.random(in: 0..<3, using: &generator) == 0 {
      let sharing = one(ClassPolicy.Sharing.allCases)
      layout.policies[name] = PolicyOverride(
        sharing, message: one(ClassPolicy.Message.allCases),
        crossingShare: Double.random(in: 0...1, using: &generator),
        stripes: sharing == .striped ? size() : nil)
    }
    layout.placement = Bool.random(using: &generator) ? .spread : .process
    layout.name = layout.shortForm
    return layout
  }

  @Test("each survives both forms and makes a sound scenario", arguments: 0..<150)
  func sound(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let made = layout(&generator)
    #expect(try Layout(made.shortForm) == made)
    #expect(try Layout(yaml: made.yaml) == made)
    let cpus = Int.random(in: 1...96, using: &generator)
    let load: LoadRule = Bool.random(using: &generator) ? .replicate : .fixed
    let scenario = try Scenario(
      workload: ScenarioPolicyTests.nested(), machine: ScenarioTests.machine, layout: made,
      cpus: cpus, load: load)
    try ScenarioTests.sane(scenario)
    #expect(try scenario.workload.validated() == scenario.workload)
  }

  @Test("damaged forms are refused or read, never trapped on", arguments: 0..<400)
  func damaged(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed), stream: 1)
    let form = LayoutShortFormTests.forms.randomElement(using: &generator) ?? "one"
    var text = Array(form)
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let alphabet = Array("0123456789x+:=@/,.\"\\*onefsby-λ \n")
      let mark = alphabet.randomElement(using: &generator) ?? "x"
      let place = Int.random(in: 0...text.count, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: text.insert(mark, at: place)
      case 1 where place < text.count: text[place] = mark
      default: text = Array(text.prefix(place))
      }
    }
    if let layout = try? Layout(String(text)) {
      #expect(try Layout(layout.shortForm) == layout)
    }
    let yaml = try Layout(form).yaml
    let cut = String(yaml.prefix(Int.random(in: 0..<yaml.count, using: &generator)))
    if let layout = try? Layout(yaml: cut + String(text.prefix(3))) {
      #expect(try Layout(yaml: layout.yaml) == layout)
    }
  }
}
