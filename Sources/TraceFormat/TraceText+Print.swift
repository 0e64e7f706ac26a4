import FoundationEssentials
public import Measures

extension RecordedTrace {
  /// The text form, which `init(text:)` reads back to the same trace.
  ///
  /// Throws `TraceError.malformed(.facts)` where the facts hold a number that JSON cannot.
  public func text() throws(TraceError) -> String {
    var text = "# oslet trace, text form 1\n"
    text += "facts " + String(decoding: try facts.json(), as: UTF8.self) + "\n"
    for task in tasks {
      text += "task \(task.task.rawValue) process=\(task.process.rawValue)"
      text += " name=\(quoted(task.name)) cgroup=\(quoted(task.cgroup))\n"
    }
    for symbol in symbols {
      let letter = quoted(String(Unicode.Scalar(symbol.type)))
      text += "symbol 0x\(String(symbol.address, radix: 16)) size=\(symbol.size)"
      text += " type=\(letter) name=\(quoted(symbol.name))\n"
    }
    for stack in stacks {
      let frames = stack.frames.map { " 0x" + String($0, radix: 16) }.joined()
      text += "stack \(stack.id.rawValue)\(frames)\n"
    }
    for loss in losses {
      text += "lost cpu=\(loss.cpu) kind=\(loss.kind.name) lost=\(loss.lost)"
      text += " suppressed=\(loss.suppressed) first=\(loss.first.text) last=\(loss.last.text)\n"
    }
    for event in events { text += event.text + "\n" }
    return text
  }
}

extension TraceTime {
  /// Seconds since boot with nine decimals.
  public var text: String {
    let (seconds, rest) = nanosecondsSinceBoot.quotientAndRemainder(dividingBy: 1_000_000_000)
    let digits = String(rest)
    return "\(seconds)." + String(repeating: "0", count: 9 - digits.utf8.count) + digits
  }
}

extension Event {
  /// One line of the text form: `12.345678901 [0] tid=71 contention_begin lock=0xff flags=SPIN`.
  ///
  /// A member that the kind gives no name is written by its own, where it is not zero, so that no
  /// bit is lost.
  public var text: String {
    var text = "\(time.text) [\(cpu)] tid=\(task.rawValue) \(kind.name)"
    var left = self
    for field in kind.fields {
      if field.form == .taskName {
        guard isTaskNameExact, kind != .exit || !taskName.isEmpty else { continue }
        text += " \(field.name)=" + quoted(taskName)
        (left.a, left.b) = (0, 0)
        continue
      }
      if field.form == .lockOwner, left.b == 0 { continue }
      text += " \(field.name)=\(field.text(of: self))"
      switch field.slot {
      case .a: left.a = 0
      case .b: left.b = 0
      case .c: left.c = 0
      case .value: left.value = 0
      }
    }
    if left.a != 0 { text += " a=0x\(String(left.a, radix: 16))" }
    if left.b != 0 { text += " b=0x\(String(left.b, radix: 16))" }
    if left.c != 0 { text += " c=0x\(String(left.c, radix: 16))" }
    if left.value != 0 { text += " value=\(left.value)" }
    if stack != .none { text += " stack=\(stack.rawValue)" }
    return text
  }
}

/// `text` as one word of a line: in quotes where it is empty or holds a blank, a quote or a control
/// character.
private func quoted(_ text: String) -> String {
  let plain = text.unicodeScalars.allSatisfy {
    $0.value > 32 && $0 != "\"" && $0 != "\\" && $0.value != 127 && !$0.properties.isWhitespace
  }
  if plain && !text.isEmpty { return text }
  var out = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": out += "\\" + String(scalar)
    case _ where scalar.value < 32 || scalar.value == 127:
      out += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out + "\""
}
