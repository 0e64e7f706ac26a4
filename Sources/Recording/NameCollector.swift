import CBPF
import TraceFormat

/// Collects what events refer to by number or address: stacks, kernel functions, locks, slab
/// caches; and says of a lock what its address tells.
///
/// Probes name a stack by a hash of all its addresses, and log it the first time a CPU meets it;
/// the same stack from another CPU gets the number it has.
struct NameCollector {
  private let symbols: KernelSymbols
  private var areas: PerCPUAreas
  private var addresses = AddressBook()
  private var written: Set<UInt64> = []
  private let fields: SlabFields
  private var caches: [UInt64: SlabCache] = [:]
  private var stackNumbers: [UInt64: StackID] = [:]
  private var freshStacks: [StackRecord] = []
  private var freshSymbols: [SymbolRecord] = []
  private let image: Range<UInt64>?
  private let tracingPath: [Range<UInt64>]
  private var veil: AddressVeil?

  /// A collector over the kernel's symbols, and the per-CPU areas and locks in slab objects of BTF;
  /// addresses leave it behind `veil` where there is one.
  init(
    symbols: KernelSymbols, areas: PerCPUAreas, fields: SlabFields, veil: AddressVeil? = nil
  ) {
    self.symbols = symbols
    self.veil = veil
    self.areas = areas
    self.fields = fields
    image = symbols.image()
    tracingPath = [
      "bpf_trace_run2", "__traceiter_contention_begin", "__bpf_trace_contention_begin",
    ]
    .compactMap { symbols.range(named: $0) }
  }

  /// Reads a record that is no event: a stack or a slab cache's name.
  ///
  /// Returns where the next one starts; nil for a kind that the probes do not write.
  mutating func read(_ words: UnsafePointer<UInt64>, at position: UInt64) -> UInt64? {
    switch unsafe UInt32(words[0] & UInt64(OSLET_KIND_MASK)) {
    case OSLET_STACK.rawValue:
      let depth = unsafe min(words[2], UInt64(OSLET_STACK_DEPTH))
      addStack(unsafe words[1], (0..<Int(depth)).map { unsafe words[3 + $0] })
      return position + (3 + depth) * 8
    case OSLET_SLAB.rawValue:
      let cache = unsafe words[1]
      if caches[cache] == nil {
        // SAFETY: OSLET_SLAB_NAME bytes follow, and one more word, written whole by the probe.
        let bytes = unsafe UnsafeRawBufferPointer(start: words + 2, count: Int(OSLET_SLAB_NAME))
        let name = unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        caches[cache] = SlabCache(
          name: name, geometry: unsafe words[2 + Int(OSLET_SLAB_NAME) / 8])
        freshSymbols.append(
          SymbolRecord(address: hide(cache), size: 1, type: UInt8(ascii: "k"), name: name))
      }
      return position + UInt64(OSLET_SLAB_BYTES)
    default: return nil
    }
  }

  private mutating func addStack(_ hash: UInt64, _ frames: [UInt64]) {
    guard stackNumbers[hash] == nil else { return }
    // In front of the caller stand the BPF program, which is in no symbol table once unloaded,
    // and the kernel's own functions between the tracepoint and it.
    let path = frames.prefix(6).lastIndex { frame in tracingPath.contains { $0.contains(frame) } }
    let kept = Array(frames.dropFirst(path.map { $0 + 1 } ?? 0))
    let id = StackID(UInt32(stackNumbers.count) + 1)
    stackNumbers[hash] = id
    for frame in kept { addresses.note(frame) }
    freshStacks.append(StackRecord(id: id, frames: kept.map { hide($0) }))
  }

  /// The number of a stack by its hash; `none` when its record was lost.
  func stack(_ hash: UInt64) -> StackID { stackNumbers[hash] ?? .none }

  /// Learns where a CPU's run queue is, and with it its per-CPU area.
  mutating func locate(cpu: Int, runQueue: UInt64) { areas.locate(cpu: cpu, runQueue: runQueue) }

  /// The symbol that holds an address.
  private func symbol(at address: UInt64) -> SymbolRecord? {
    areas.variable(at: address)?.symbol ?? symbols.symbol(at: address)
  }

  /// An address as it goes into the trace.
  private mutating func hide(_ address: UInt64) -> UInt64 {
    guard let veil else { return address }
    if let value = veil.known(address) { return value }
    let start = symbol(at: address)?.address
    return self.veil?.hide(address, inSymbolAt: start) ?? address
  }

  /// Whether addresses leave behind a veil.
  var hides: Bool { veil != nil }

  /// Puts the addresses of an event behind the veil, after `note`.
  mutating func conceal(_ event: inout Event) {
    if veil == nil { return }
    switch event.kind {
    case .contentionBegin, .contentionEnd: event.a = hide(event.a)
    case .csdFunctionEntry, .csdFunctionExit, .ipiSendCPU, .ipiSendMask:
      event.a = hide(event.a)
      event.b = hide(event.b)
    case .trigger:
      event.a = hide(event.a)
      event.c = hide(event.c)
    case .csdQueue:
      event.a = hide(event.a)
      event.b = hide(event.b)
      event.c = hide(event.c)
    case .lockSeen:
      event.a = hide(event.a)
      // Of these two, b is a CPU.
      let hint = LockHint(rawValue: event.value)
      if hint != .runQueue && hint != .perCPU { event.b = hide(event.b) }
      event.c = hide(event.c)
    case .callFunctionEntry, .callFunctionExit, .callFunctionSingleEntry, .callFunctionSingleExit,
      .rescheduleEntry, .rescheduleExit, .tlbFlush, .schedSwitch, .schedWaking, .schedWakeup,
      .schedMigrate, .fork, .exec, .exit, .gap, .progress:
      break
    }
  }

  /// Puts the locks of aggregates behind the veil.
  mutating func conceal(_ records: inout [AggregateRecord]) {
    if veil == nil { return }
    for index in records.indices where records[index].lock != 0 {
      records[index].lock = hide(records[index].lock)
    }
  }

  /// Notes the addresses of an event, and completes the hint of a lock seen.
  @inline(__always)
  mutating func note(_ event: inout Event) {
    switch event.kind {
    case .csdQueue:
      addresses.note(event.b)
      addresses.note(event.c)
    case .ipiSendCPU, .ipiSendMask:
      addresses.note(event.a)
      addresses.note(event.b)
    case .csdFunctionEntry: addresses.note(event.b)
    case .lockSeen: noteLock(&event)
    default: break
    }
  }

  private mutating func noteLock(_ event: inout Event) {
    addresses.note(event.a)
    guard event.value == LockHint.unknown.rawValue else { return }
    if let (cpu, variable) = areas.variable(at: event.a) {
      let isRunQueue = variable.name.hasPrefix("runqueues ")
      event.value = (isRunQueue ? LockHint.runQueue : .perCPU).rawValue
      event.b = UInt64(cpu)
    } else if let image, image.contains(event.a) {
      event.value = LockHint.symbol.rawValue
    } else if event.c != 0 {
      event.value = LockHint.slab.rawValue
      // Behind the veil addresses keep no distance, and an object and its lock no offset.
      guard veil == nil, let cache = caches[event.c], let offset = cache.offset(of: event.a) else {
        return
      }
      event.b = event.a - offset
      let symbol = SymbolRecord.fieldAddress(cache: event.c, offset: offset)
      if let name = fields.name(cache: cache.name, offset: offset),
        written.insert(symbol).inserted
      {
        freshSymbols.append(
          SymbolRecord(address: symbol, size: 1, type: UInt8(ascii: "f"), name: name))
      }
    }
  }

  /// The stacks not taken yet, by number.
  mutating func takeStacks() -> [StackRecord] {
    defer { freshStacks.removeAll(keepingCapacity: true) }
    return freshStacks
  }

  /// The symbols not taken yet of everything noted so far, each once, by address.
  mutating func takeSymbols() -> [SymbolRecord] {
    var taken = freshSymbols
    freshSymbols.removeAll()
    for address in addresses.take() {
      guard let symbol = symbol(at: address),
        written.insert(symbol.address).inserted
      else { continue }
      taken.append(
        SymbolRecord(
          address: hide(symbol.address), size: symbol.size, type: symbol.type, name: symbol.name))
    }
    return taken.sorted { $0.address < $1.address }
  }
}
