extension TraceError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .open(let path, let errno): "cannot open \(path): \(errorText(errno))"
    case .read(let offset, let errno):
      "cannot read the trace at byte \(offset): \(errorText(errno))"
    case .write(let offset, let errno):
      "cannot write the trace at byte \(offset): \(errorText(errno)); "
        + "what was written before can be read"
    case .notATrace: "not an OSlet trace: it does not start as one does"
    case .damagedHeader: "the trace's first 24 bytes are damaged"
    case .version(let version):
      "the trace is of format version \(version), this program reads \(FileHeader.version)"
    case .byteOrder: "the trace was written in the other byte order"
    case .malformed(let reason, let offset): "byte \(offset) of a block: \(reason.rawValue)"
    case .tooManyOverlappingBlocks(let count):
      "\(count) blocks overlap in time: no recorder wrote this file"
    case .text(let line, let reason): "line \(line): \(reason)"
    case .wrongCPU(let index): "internal error: event \(index) is of another CPU than its block"
    case .tooLarge(let bytes): "internal error: a block of \(bytes) bytes is too large"
    case .compression(let message): "internal error: zstd: \(message)"
    }
  }
}
