/// Horizontal bars of one or more parts on a shared linear axis that starts at zero.
public struct BarChart: Hashable, Sendable {
  /// One bar.
  public struct Bar: Hashable, Sendable {
    /// Its name, written before it.
    public var name: String
    /// Its parts, one a series; what is negative or not finite counts as zero.
    public var parts: [Double]
    /// The number written behind it.
    public var label: String

    /// A bar; see the properties.
    public init(name: String, parts: [Double], label: String) {
      self.name = name
      self.parts = parts
      self.label = label
    }
  }

  /// How a part is coloured.
  public enum Tone: String, Hashable, Sendable, CaseIterable {
    /// Work that counts.
    case useful
    /// Waiting for a lock.
    case wait
    /// Waiting for a cache line.
    case transfer
    /// Interrupts.
    case interrupt
    /// Messages between OSlets.
    case message
    /// Nothing to do.
    case idle
  }

  /// The parts of every bar: name and tone; one part needs no legend.
  public struct Series: Hashable, Sendable {
    /// What the part is.
    public var name: String
    /// How it is coloured.
    public var tone: Tone

    /// A series; see the properties.
    public init(name: String, tone: Tone) {
      self.name = name
      self.tone = tone
    }
  }

  /// What it shows, one line.
  public var title: String
  /// What a reader who cannot see it should know.
  public var summary: String
  /// The parts.
  public var series: [Series]
  /// The bars, top down.
  public var bars: [Bar]

  /// A chart; see the properties.
  public init(title: String, summary: String, series: [Series], bars: [Bar]) {
    self.title = title
    self.summary = summary
    self.series = series
    self.bars = bars
  }
}
