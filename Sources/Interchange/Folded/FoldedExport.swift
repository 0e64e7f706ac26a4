import Measures
import TraceFormat

/// Lines `outermost;...;innermost;lock microseconds`, sorted: what flamegraph.pl, speedscope and
/// inferno read, two files of which make a differential graph.
///
/// Only some waits carry a stack, so a lock's whole wait is divided among its stacks as the waits
/// that do; a lock none of whose waits does stands under `[no stack]`. Rows below half a microsecond
/// are left out.
func writeFolded(
  _ reader: inout TraceReader, to output: inout ByteOutput
) throws(InterchangeError) {
  let waits = try StackedWaits(reading: &reader)
  var rows: [String: Double] = [:]
  for lock in waits.locks {
    for (stack, wait) in lock.shares {
      var frames: [String] = reader.stacks.frames(stack).reversed().map {
        reader.symbols.symbol(at: $0)?.symbol.name ?? "0x" + String($0, radix: 16)
      }
      if frames.isEmpty { frames = ["[no stack]"] }
      frames.append(lock.name(in: reader.symbols))
      // A semicolon parts frames and a line end rows.
      let row = frames.map { name in
        String(
          String.UnicodeScalarView(
            name.unicodeScalars.map { ";\n".unicodeScalars.contains($0) ? ":" : $0 }))
      }
      rows[row.joined(separator: ";"), default: 0] += wait.value
    }
  }
  for (row, wait) in rows.sorted(by: { $0.key < $1.key }) {
    let microseconds = (wait / 1000).rounded()
    guard microseconds >= 1 else { continue }
    output.append(row)
    output.append(" ")
    output.append(decimal: UInt64(min(microseconds, 0x1p63)))
    output.append("\n")
    try output.drain()
  }
}
