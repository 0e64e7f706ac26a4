public import Measures
public import TraceFormat

/// What makes a flight recorder stop, or write what it holds: something that took too long.
public struct Trigger: Hashable, Sendable {
  /// What is looked at.
  public var cause: TriggerCause
  /// Whatever takes longer than this fires.
  public var threshold: Nanoseconds
  /// The words it was given by.
  public var text: String

  /// The trigger of `wait>500us` or `ipi>1ms`.
  public static func parse(_ text: String) throws(RecordError) -> Trigger {
    let words = text.split(separator: ">", maxSplits: 1).map(String.init)
    guard words.count == 2, let cause = TriggerCause.allCases.first(where: { $0.name == words[0] }),
      let threshold = TimeSpan.parse(words[1]), threshold.value >= 1
    else {
      throw .badOption("--trigger", reason: "\"\(text)\" is none; wants wait>500us or ipi>1ms")
    }
    return Trigger(cause: cause, threshold: threshold, text: text)
  }
}

/// Lengths of time as the command line spells them.
public enum TimeSpan {
  private static let units = [
    ("ns", 1.0), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9), ("d", 86400e9),
  ]

  /// The time of `500us`, `10s`, `1.5h`; nil for anything else, zero or more than 30 years.
  public static func parse(_ text: some StringProtocol) -> Nanoseconds? {
    let number = text.prefix { $0.isNumber || $0 == "." }
    guard let unit = units.first(where: { $0.0 == text.dropFirst(number.count) }),
      let value = Double(number), value > 0, value * unit.1 < 1e18
    else { return nil }
    return Nanoseconds(value * unit.1)
  }
}
