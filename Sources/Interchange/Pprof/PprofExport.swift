import Measures
import TraceFormat

/// A pprof profile with the two values of Go's mutex profile, `contentions/count` and
/// `delay/nanoseconds`, by stack, labelled with the lock.
///
/// Only some waits carry a stack: a lock's waits are divided among its stacks as in the folded form,
/// and stand under `[no stack]` where none has one. Not compressed, which `pprof` reads; where a
/// reader insists on what profile.proto asks for on disk, gzip it. Field numbers:
/// github.com/google/pprof, proto/profile.proto.
func writePprof(
  _ reader: inout TraceReader, to output: inout ByteOutput
) throws(InterchangeError) {
  let waits = try StackedWaits(reading: &reader)
  var profile = PprofProfile()
  profile.addType("contentions", unit: "count")
  profile.addType("delay", unit: "nanoseconds")
  for lock in waits.locks {
    let name = lock.name(in: reader.symbols)
    for (stack, wait) in lock.shares {
      let part = lock.total.value > 0 ? wait / lock.total : 1
      profile.addSample(
        reader.stacks.frames(stack), reader.symbols,
        values: [
          UInt64((Double(lock.count) * part).rounded()),
          UInt64(max(0, min(wait.value.rounded(), 0x1p62))),
        ],
        label: ("lock", name))
    }
  }
  let facts = reader.facts
  let duration = reader.times.map { ($0.upperBound - $0.lowerBound).value } ?? 0
  output.append(
    profile.bytes(
      startRealtime: facts.clock.startRealtime,
      duration: UInt64(max(0, min(duration, 0x1p62)))))
}

/// A profile being put together: names, functions and locations each once.
private struct PprofProfile {
  private var message = ProtobufWriter()
  private var strings: [String] = [""]
  private var stringPlaces: [String: UInt64] = ["": 0]
  private var functions: [String: UInt64] = [:]
  private var locations: [UInt64: UInt64] = [:]

  private mutating func place(of text: String) -> UInt64 {
    if let known = stringPlaces[text] { return known }
    let place = UInt64(strings.count)
    strings.append(text)
    stringPlaces[text] = place
    return place
  }

  mutating func addType(_ type: String, unit: String) {
    var value = ProtobufWriter()
    value.append(1, place(of: type))
    value.append(2, place(of: unit))
    message.append(1, value)
  }

  /// Adds a sample of these frames, innermost first.
  mutating func addSample(
    _ frames: [UInt64], _ symbols: SymbolTable, values: [UInt64],
    label: (key: String, text: String)
  ) {
    var sample = ProtobufWriter()
    // Address 0 stands for the stack that was not taken.
    sample.append(1, packed: (frames.isEmpty ? [0] : frames).map { location(of: $0, symbols) })
    sample.append(2, packed: values)
    var inner = ProtobufWriter()
    inner.append(1, place(of: label.key))
    inner.append(2, place(of: label.text))
    sample.append(3, inner)
    message.append(2, sample)
  }

  private mutating func location(of address: UInt64, _ symbols: SymbolTable) -> UInt64 {
    if let known = locations[address] { return known }
    let id = UInt64(locations.count + 1)
    locations[address] = id
    var line = ProtobufWriter()
    let name = symbols.symbol(at: address)?.symbol.name ?? symbols.text(address)
    line.append(1, function(of: address == 0 ? "[no stack]" : name))
    var location = ProtobufWriter()
    location.append(1, id)
    location.append(3, address)
    location.append(4, line)
    message.append(4, location)
    return id
  }

  private mutating func function(of name: String) -> UInt64 {
    if let known = functions[name] { return known }
    let id = UInt64(functions.count + 1)
    functions[name] = id
    var function = ProtobufWriter()
    function.append(1, id)
    function.append(2, place(of: name))
    function.append(3, place(of: name))
    message.append(5, function)
    return id
  }

  mutating func bytes(startRealtime: UInt64, duration: UInt64) -> [UInt8] {
    for text in strings { message.append(6, text) }
    message.append(9, startRealtime)
    message.append(10, duration)
    return message.bytes
  }
}
