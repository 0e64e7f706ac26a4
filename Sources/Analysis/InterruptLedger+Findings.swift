import Measures

extension InterruptLedger {
  /// What was counted, with functions named.
  func findings(names: [String], cpus: Int) -> InterruptFindings {
    // Without csd events (before Linux 6.5) the IPIs themselves are all there is.
    let requests = queuedCount > 0 ? matrix : raised
    let size = requests.entries.reduce(cpus) { max($0, Int($1.first) + 1, Int($1.second) + 1) }
    var rows = Array(repeating: Array(repeating: UInt64(0), count: size), count: size)
    for entry in requests.entries { rows[Int(entry.first)][Int(entry.second)] += entry.count }
    var latency = LogHistogram()
    var waited = 0.0
    for (index, function) in functions.enumerated() {
      latency.merge(function.latency)
      if WaitedFunction.contains(names[index]) { waited += function.completion.total.value }
    }
    let run = targets.reduce(0) { $0 + $1.csdRun }
    let interrupts = targets.reduce(0) { $0 + $1.callFunction }
    let rescheduled = targets.reduce(0) { $0 + $1.reschedule }
    let interrupted = targets.reduce(0.0) { $0 + Double($1.interrupted) }
    let handling = targets.reduce(0.0) { $0 + Double($1.handling) }
    return InterruptFindings(
      sent: requests.entries.reduce(0) { $0 + $1.count },
      received: (run > 0 ? run : interrupts) + rescheduled, matrix: rows,
      latency: .init(
        p50: latency.quantile(0.5).value, p99: latency.quantile(0.99).value,
        mean: latency.mean.value),
      byFunction: byFunction(names), raised: raisedCount, toSelf: selfCount,
      reschedules: rescheduleCount, unjoined: unjoined,
      handlerNs: max(interrupted, handling), senderWaitNs: waited,
      byTarget: targets.enumerated().map { cpu, target in
        .init(
          cpu: cpu, callFunction: target.callFunction, reschedule: target.reschedule,
          queued: target.csdQueued)
      })
  }

  /// Two addresses of one name (a function and its clone) are one row.
  private func byFunction(_ names: [String]) -> [InterruptFindings.Function] {
    var order: [String] = []
    var merged: [String: Function] = [:]
    for (index, function) in functions.enumerated() {
      if merged[names[index]] == nil { order.append(names[index]) }
      var entry = merged[names[index]] ?? Function(address: function.address)
      entry.queued += function.queued
      entry.run += function.run
      entry.handler.merge(function.handler)
      entry.latency.merge(function.latency)
      entry.completion.merge(function.completion)
      merged[names[index]] = entry
    }
    return order.compactMap { name in
      merged[name].map { function in
        InterruptFindings.Function(
          function: name, count: function.queued > 0 ? function.queued : function.run,
          handlerNsTotal: function.handler.total.value,
          latencyNsP50: function.latency.quantile(0.5).value,
          completionNsMean: function.completion.mean.value,
          waitedFor: WaitedFunction.contains(name))
      }
    }.sorted { ($1.count, $0.function) < ($0.count, $1.function) }
  }
}

extension FlushFindings {
  /// What was counted, by the reasons that occurred.
  init(_ ledger: TLBLedger) {
    self.init(flushes: 0, byReason: [:], pagesByReason: [:], fullByReason: [:])
    for (index, reason) in ledger.reasons.enumerated() where reason.flushes > 0 {
      let name = index < TLBLedger.names.count ? TLBLedger.names[index] : "other"
      flushes += reason.flushes
      byReason[name] = reason.flushes
      if reason.pages > 0 { pagesByReason[name] = reason.pages }
      if reason.full > 0 { fullByReason[name] = reason.full }
    }
  }
}
