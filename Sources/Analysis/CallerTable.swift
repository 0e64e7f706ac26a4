import TraceFormat

/// The caller behind every stack of a trace: its first function that is not the lock's own.
struct CallerTable: Sendable {
  /// Callers' names, by handle.
  private(set) var names: [String] = []
  private var byStack: [UInt32: Int32] = [:]
  private var byName: [String: Int32] = [:]

  /// The callers of `stacks`.
  init(_ stacks: [StackRecord], symbols: Symbolizer) {
    for stack in stacks {
      guard let name = Self.caller(stack.frames, symbols) else { continue }
      byStack[stack.id.rawValue] = handle(name)
    }
  }

  private mutating func handle(_ name: String) -> Int32 {
    if let found = byName[name] { return found }
    let made = Int32(truncatingIfNeeded: names.count)
    names.append(name)
    byName[name] = made
    return made
  }

  /// The handle of a stack's caller; -1 without a stack or a name.
  func caller(_ stack: StackID) -> Int32 {
    stack == .none ? -1 : byStack[stack.rawValue] ?? -1
  }

  private static func caller(_ frames: [UInt64], _ symbols: Symbolizer) -> String? {
    for frame in frames {
      // A return address may be the first byte after its function's last call.
      guard frame > 0, let name = symbols.function(at: frame - 1) ?? symbols.function(at: frame)
      else { continue }
      if !LockFunction.contains(name) { return name }
    }
    return nil
  }
}
