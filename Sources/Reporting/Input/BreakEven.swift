public import Measures

/// Where a layout's gain over one image ends, found by running the engine again and again.
public struct BreakEven: Hashable, Sendable, Codable {
  /// The layout.
  public var layout: String
  /// CPUs.
  public var cpus: Int
  /// The share of acquisitions, 0...1, at which the gain is zero; nil when even 1 leaves a gain.
  public var crossingShare: Interval?
  /// The message round trip in nanoseconds at which the gain is zero; nil when none does.
  public var messageNs: Interval?

  /// The crossing share, 0...1, at which `messageNs` holds; nil for what the layout says itself.
  public var messageCrossingShare: Double?

  /// A break-even point; see the properties.
  public init(
    layout: String, cpus: Int, crossingShare: Interval?, messageNs: Interval?,
    messageCrossingShare: Double? = nil
  ) {
    self.layout = layout
    self.cpus = cpus
    self.crossingShare = crossingShare
    self.messageNs = messageNs
    self.messageCrossingShare = messageCrossingShare
  }

  enum CodingKeys: String, CodingKey {
    case layout, cpus
    case crossingShare = "crossing_share"
    case messageNs = "message_ns"
    case messageCrossingShare = "message_crossing_share"
  }
}
