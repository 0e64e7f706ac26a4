import Glibc
import Measures
import TraceFormat

/// What a recording leaves before it ends: snapshots of a ring, and files that are full.
extension Recorder {
  /// Writes what the ring holds now into a trace of its own, and goes on recording.
  mutating func snapshot(_ path: String) throws(RecordError) {
    _ = try tick()
    let file = try TraceFile(path)
    do throws(TraceError) {
      try drain.writeAggregates(&output)
      try drain.writeSymbols(&output)
      guard var ring = output.ring else { return }
      ring.append(tasks: TaskScan.all())
      endFacts()
      _ = try ring.write(descriptor: file.descriptor, facts: facts)
    } catch {
      throw RecordError(error, output: path)
    }
  }

  /// Goes on in a new file, where the options say that this one is full or `signalled`.
  mutating func switchIfDue(signalled: Bool = false) throws(RecordError) {
    guard let rule = options.switchOutput else { return }
    let age = Nanoseconds(Double(MonotonicClock.now() - facts.clock.startMonotonic))
    guard signalled || rule.isDue(bytes: output.byteCount, age: age) else { return }
    let start = MonotonicClock.pair()
    _ = try tick()
    do throws(TraceError) {
      try drain.writeAggregates(&output)
      try drain.writeSymbols(&output)
      try output.append(tasks: TaskScan.all())
      endFacts()
    } catch {
      throw RecordError(error, output: file.path)
    }
    switched.append(try TraceFile.stamp(file.path, realtime: facts.clock.endRealtime))
    while let most = rule.mostFiles, switched.count > most {
      unsafe unlink(switched.removeFirst())
    }
    let whole = facts
    facts.clock = ClockFacts(startMonotonic: start.monotonic, startRealtime: start.realtime)
    facts.cost = nil
    let next = try TraceFile(file.path)
    do throws(TraceError) {
      try output.next(descriptor: next.descriptor, ending: whole, beginning: facts)
    } catch {
      throw RecordError(error, output: file.path)
    }
    drain.beginsFile()
    file = consume next
  }

  /// Sets what the facts say of the end to this moment.
  private mutating func endFacts() {
    let clock = MonotonicClock.pair()
    facts.clock.endMonotonic = clock.monotonic
    facts.clock.endRealtime = clock.realtime
    facts.cpuChanges = watch.changes.isEmpty ? nil : watch.changes
    facts.cost = cost(
      probes.programStatistics(), empty: probes.emptyStatistics(),
      ownTime: MonotonicClock.ownCPU() - startCPU)
  }
}
