extension TraceWriter {
  /// The bytes that every trace starts with, by which one is told from any other file.
  public static var magic: [UInt8] { FileHeader.magic }
}
