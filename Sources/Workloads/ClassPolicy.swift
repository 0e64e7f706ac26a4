/// What becomes of the instances of a class that more than one OSlet uses.
public struct ClassPolicy: Hashable, Sendable {
  /// The sharing policies of docs/design.md.
  public enum Sharing: String, Hashable, Sendable, CaseIterable, Codable {
    /// One instance per OSlet.
    case `private`
    /// One instance at an owner; others send messages.
    case owned
    /// One instance at an owner, entered by the caller's own CPU.
    case door
    /// One replica per OSlet; every write reaches every replica.
    case replicated
    /// Instances hashed over owners.
    case striped
    /// One instance that every OSlet reaches through the hardware.
    case hardwareShared = "hardware-shared"
  }

  /// How a crossing's message travels.
  public enum Message: String, Hashable, Sendable, CaseIterable, Codable {
    /// The owner polls a ring.
    case polled
    /// A ring with a notification IPI.
    case notified
  }

  /// The sharing policy.
  public var sharing: Sharing
  /// How a crossing's message travels.
  public var message: Message
  /// For `private`: the share of acquisitions, 0...1, that go to another OSlet's instance.
  public var crossingShare: Double
  /// For `striped`: how many owners.
  public var stripes: Int?

  /// A policy; see the properties.
  public init(
    _ sharing: Sharing, message: Message = .polled, crossingShare: Double = 0,
    stripes: Int? = nil
  ) {
    self.sharing = sharing
    self.message = message
    self.crossingShare = crossingShare
    self.stripes = stripes
  }
}

/// What a layout says of one class or group; what it leaves nil takes the default.
public struct PolicyOverride: Hashable, Sendable {
  /// The sharing policy.
  public var sharing: ClassPolicy.Sharing?
  /// How a crossing's message travels; by default polled at a service OSlet, whose CPUs have nothing
  /// else to do, and notified at any other.
  public var message: ClassPolicy.Message?
  /// For `private`: the share of acquisitions, 0...1, that go to another OSlet's instance.
  public var crossingShare: Double?
  /// For `striped`: how many stripes; by default one per owner.
  public var stripes: Int?

  /// An override; see the properties.
  public init(
    _ sharing: ClassPolicy.Sharing? = nil, message: ClassPolicy.Message? = nil,
    crossingShare: Double? = nil, stripes: Int? = nil
  ) {
    self.sharing = sharing
    self.message = message
    self.crossingShare = crossingShare
    self.stripes = stripes
  }
}
