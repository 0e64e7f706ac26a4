public import Measures

/// How a trace ends.
public enum TraceEnding: Hashable, Sendable {
  /// With its end block: the recording was closed in order.
  case complete
  /// Without one: the recorder was killed, or the file was cut. Everything before byte `at` was
  /// read, the `ignored` bytes from there on are part of a block.
  case cut(at: UInt64, ignored: UInt64)
}

/// Bytes of a trace that could not be read; everything around them could.
public struct DamagedRegion: Hashable, Sendable {
  /// Where it starts in the file.
  public var offset: UInt64
  /// How many bytes were skipped.
  public var length: UInt64
  /// What is wrong.
  public var reason: Malformation
  /// The type of the block, where its header is whole.
  public var type: BlockType?
  /// Its CPU, for an event block whose header is whole.
  public var cpu: UInt16?
  /// Events lost with it: counted by the next whole block.
  public var events: UInt64
  /// The time of the first and the last event lost; nil where not even that is known.
  public var times: ClosedRange<TraceTime>?
}
