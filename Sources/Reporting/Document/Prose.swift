/// Running text in which a few words carry weight or are names to be typed.
///
/// Written as a string literal: `"layout \(code: name) wins \(strong: "3.4x")"`.
public struct Prose: Hashable, Sendable {
  /// A stretch of text in one style.
  public enum Span: Hashable, Sendable {
    /// Plain words.
    case plain(String)
    /// The words that matter.
    case strong(String)
    /// A name as a terminal shows it.
    case code(String)
  }

  /// The stretches, in order.
  public var spans: [Span]

  /// Text of these stretches.
  public init(spans: [Span]) { self.spans = spans }

  /// Plain text.
  public init(_ text: String) { spans = [.plain(text)] }

  /// The words alone.
  public var words: String {
    spans.reduce(into: "") { text, span in
      switch span {
      case .plain(let part), .strong(let part), .code(let part): text += part
      }
    }
  }

  /// One text after the other.
  public static func + (a: Prose, b: Prose) -> Prose { Prose(spans: a.spans + b.spans) }

  /// The texts with `separator` between them.
  public static func joined(_ parts: [Prose], separator: String) -> Prose {
    var spans: [Span] = []
    for (index, part) in parts.enumerated() {
      if index > 0 { spans.append(.plain(separator)) }
      spans += part.spans
    }
    return Prose(spans: spans)
  }
}

extension Prose: ExpressibleByStringInterpolation {
  /// Plain text.
  public init(stringLiteral value: String) { self.init(value) }

  /// The stretches of a literal, in order.
  public init(stringInterpolation: StringInterpolation) { spans = stringInterpolation.spans }

  /// Collects the stretches of a literal.
  public struct StringInterpolation: StringInterpolationProtocol {
    var spans: [Span] = []

    /// Room for a literal.
    public init(literalCapacity: Int, interpolationCount: Int) {
      spans.reserveCapacity(2 * interpolationCount + 1)
    }

    /// Words of the literal itself.
    public mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { spans.append(.plain(literal)) }
    }

    /// Plain text.
    public mutating func appendInterpolation(_ text: String) { appendLiteral(text) }

    /// A whole number.
    public mutating func appendInterpolation(_ number: Int) { appendLiteral(String(number)) }

    /// Other prose.
    public mutating func appendInterpolation(_ prose: Prose) { spans += prose.spans }

    /// The words that matter.
    public mutating func appendInterpolation(strong text: String) { spans.append(.strong(text)) }

    /// A name as a terminal shows it.
    public mutating func appendInterpolation(code text: String) { spans.append(.code(text)) }
  }
}
