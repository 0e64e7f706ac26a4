import FoundationEssentials
import Measures

extension RecordedTrace {
  /// Reads the text form, see docs/trace-format.md.
  ///
  /// Throws `TraceError.text` with the line number and what is wrong with the line.
  public init(text: String) throws(TraceError) {
    var facts = TraceFacts.unknown
    var events: [Event] = []
    var stacks: [StackRecord] = []
    var symbols: [SymbolRecord] = []
    var tasks: [TaskRecord] = []
    var losses: [LossRecord] = []
    var number = 0
    for line in text[...].unicodeScalars.split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      number += 1
      var words = TextLine(line, number: number)
      guard let head = try words.word(), !head.hasPrefix("#") else { continue }
      switch head {
      case "facts": facts = try words.facts()
      case "kernel": facts.kernel.release = words.rest()
      case "cpus": facts.topology = .flat(try words.positional("a number of CPUs"))
      case "regime":
        let kind = try words.required("a lock kind")
        facts.regimes[kind] = words.rest()
      case "event":
        let kind = try words.required("an event kind")
        facts.events[kind] = words.rest()
      case "stack": stacks.append(try words.stack())
      case "symbol": symbols.append(try words.symbol())
      case "task": tasks.append(try words.task())
      case "lost": losses.append(try words.loss())
      default: events.append(try words.event(time: head))
      }
    }
    self.init(
      facts: facts, events: events, stacks: stacks, symbols: symbols, tasks: tasks, losses: losses)
  }
}

extension TopologyFacts {
  /// `count` CPUs of which only the number is known: one core each, one cache, node and socket.
  public static func flat(_ count: UInt16) -> TopologyFacts {
    let numbers = Array(0..<Int(count))
    let zeros = [Int](repeating: 0, count: Int(count))
    return TopologyFacts(online: numbers, core: numbers, cache: zeros, node: zeros, socket: zeros)
  }
}

extension TextLine {
  mutating func facts() throws(TraceError) -> TraceFacts {
    do {
      return try JSONDecoder().decode(TraceFacts.self, from: Data(rest().utf8))
    } catch {
      throw fail("the facts are not readable JSON: \(error)")
    }
  }

  mutating func stack() throws(TraceError) -> StackRecord {
    let id: UInt32 = try positional("a stack number")
    var frames: [UInt64] = []
    while let frame = try word() { frames.append(try integer(frame, of: "frame")) }
    return StackRecord(id: StackID(id), frames: frames)
  }

  mutating func symbol() throws(TraceError) -> SymbolRecord {
    let address: UInt64 = try positional("an address")
    let fields = try self.fields(allowed: ["size", "type", "name"])
    guard let name = fields["name"] else { throw fail("a symbol needs name=") }
    guard let letter = (fields["type"] ?? "t").utf8.first else { throw fail("type= is empty") }
    return SymbolRecord(
      address: address, size: try integer(fields["size"] ?? "0", of: "size"), type: letter,
      name: name)
  }

  mutating func task() throws(TraceError) -> TaskRecord {
    let task: Int32 = try positional("a thread id")
    let fields = try self.fields(allowed: ["process", "name", "cgroup"])
    let process: Int32 =
      if let text = fields["process"] { try integer(text, of: "process") } else { task }
    return TaskRecord(
      task: TaskID(task), process: TaskID(process), name: fields["name"] ?? "",
      cgroup: fields["cgroup"] ?? "")
  }

  mutating func loss() throws(TraceError) -> LossRecord {
    let fields = try self.fields(
      allowed: ["cpu", "kind", "lost", "suppressed", "first", "last"])
    guard let kind = EventKind(name: fields["kind"] ?? "") else {
      throw fail("kind=\(fields["kind"] ?? "") is no event")
    }
    return LossRecord(
      cpu: try integer(fields["cpu"] ?? "", of: "cpu"), kind: kind,
      lost: try integer(fields["lost"] ?? "0", of: "lost"),
      suppressed: try integer(fields["suppressed"] ?? "0", of: "suppressed"),
      first: try time(fields["first"] ?? ""), last: try time(fields["last"] ?? ""))
  }

  mutating func event(time head: String) throws(TraceError) -> Event {
    let time = try time(head)
    let place = try required("a CPU in brackets")
    guard place.hasPrefix("["), place.hasSuffix("]") else {
      throw fail("\"\(place)\" is not a CPU in brackets")
    }
    let cpu: UInt16 = try integer(String(place.dropFirst().dropLast()), of: "cpu")
    let tid = try required("tid=")
    guard tid.hasPrefix("tid=") else { throw fail("\"\(tid)\" is not tid=") }
    let task: Int32 = try integer(String(tid.dropFirst(4)), of: "tid")
    let name = try required("an event")
    guard let kind = EventKind(name: name) else { throw fail("\"\(name)\" is no event") }
    var event = Event(time: time, cpu: cpu, task: TaskID(task), kind: kind)
    while let word = try self.word() {
      let (name, text) = try split(word)
      try set(name, to: text, in: &event)
    }
    return event
  }

  /// Sets the field `name` of an event's kind, or a member by its own name.
  private func set(_ name: String, to text: String, in event: inout Event) throws(TraceError) {
    switch name {
    case "stack": event.stack = StackID(try integer(text, of: name))
    case "a": event.a = try integer(text, of: name)
    case "b": event.b = try integer(text, of: name)
    case "c": event.c = try integer(text, of: name)
    case "value": event.value = try integer(text, of: name)
    default:
      guard let field = event.kind.fields.first(where: { $0.name == name }) else {
        throw fail("\(event.kind.name) has no \(name)=")
      }
      try field.set(text, in: &event, line: self)
    }
  }
}
