/// A report as content alone: what it says and in which order, not what it looks like.
///
/// Sections build it, renderers show it; neither knows the other.
public struct Document: Hashable, Sendable {
  /// What the report is about, one line.
  public var title: String
  /// One line under the title: kernel, CPUs, duration.
  public var subtitle: String
  /// The sections, in order.
  public var sections: [Section]

  /// A document; see the properties.
  public init(title: String, subtitle: String = "", sections: [Section]) {
    self.title = title
    self.subtitle = subtitle
    self.sections = sections
  }
}

/// One question and its answer.
public struct Section: Hashable, Sendable {
  /// A short ASCII name that links and scripts may rely on: `back-test`.
  public var id: String
  /// The heading.
  public var title: String
  /// The answer.
  public var blocks: [Block]

  /// A section; see the properties.
  public init(id: String, title: String, blocks: [Block] = []) {
    self.id = id
    self.title = title
    self.blocks = blocks
  }

  /// Whether the answer is only a note that data is missing.
  public var isMissing: Bool {
    blocks.allSatisfy { if case .note(let note) = $0 { note.kind == .missing } else { false } }
  }
}

/// One piece of an answer.
public enum Block: Hashable, Sendable {
  /// The sentence the whole report exists for.
  case lead(Prose)
  /// Running text.
  case paragraph(Prose)
  /// Points of equal rank.
  case list([Prose])
  /// A remark that must not be missed.
  case note(Note)
  /// Names and their values, one a line.
  case facts([Fact])
  /// Rows and columns.
  case table(Table)
  /// Commands to type, one element a command.
  case commands([String])
  /// Curves over a logarithmic axis; a table beside it carries the numbers.
  case curves(CurveChart)
  /// Horizontal bars; a table beside it carries the numbers.
  case bars(BarChart)
  /// A matrix of counts.
  case heatMap(HeatMap)
}

/// A remark that must not be missed.
public struct Note: Hashable, Sendable {
  /// Why it is there.
  public enum Kind: String, Hashable, Sendable {
    /// Data that a section needs was not given.
    case missing
    /// The reader should believe less.
    case warning
    /// The reader should know.
    case remark
  }

  /// Why it is there.
  public var kind: Kind
  /// What it says.
  public var text: Prose
  /// The command that would mend it; nil where none would.
  public var command: String?

  /// A note; see the properties.
  public init(_ kind: Kind, _ text: Prose, command: String? = nil) {
    self.kind = kind
    self.text = text
    self.command = command
  }
}

/// A name and its value.
public struct Fact: Hashable, Sendable {
  /// The name.
  public var name: String
  /// The value.
  public var value: Prose

  /// A fact; see the properties.
  public init(_ name: String, _ value: Prose) {
    self.name = name
    self.value = value
  }
}
