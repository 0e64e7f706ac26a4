import Measures
import Workloads

/// Interprocessor interrupts: the sender pays per target, each handler takes time from whatever its
/// target runs, and a synchronous sender waits for the slowest.
///
/// The way and the handler are not events: a handler only delays what its CPU does, so it is added to
/// the CPU's deadline when it is sent. A handler that arrives after the step it delays has ended thus
/// delays the wrong step of the same CPU by the right time. Interrupts are always enabled.
extension Engine {
  /// Sends one interrupt and starts the sender's own time for it.
  mutating func interrupt(_ task: Int32, _ interrupt: Program.Interrupt) {
    let cpu = tasks[Int(task)].cpu
    var sending = Sending(cpu: cpu, handler: Int(interrupt.handler))
    switch interrupt.targets {
    case .mm: toProcess(tasks[Int(task)].process, &sending)
    case .all:
      for target in oslets[Int(cpus[Int(cpu)].oslet)].cpus where target != Int(cpu) {
        send(to: Int32(target), &sending)
      }
    case .some: toOthers(Int(interrupt.count), &sending)
    }
    events += sending.targets / 8
    let span = interrupt.waits ? max(sending.sent, sending.done - now) : sending.sent
    shift(span, to: .ipi)
    startSegment(task, span, mode: interrupt.waits ? .waiting : .segment)
  }

  private struct Sending {
    let cpu: Int32
    let handler: Int
    /// The sender's time so far.
    var sent = 0.0
    /// When the last target has acknowledged.
    var done = 0.0
    var targets = 0
    /// What a message to another OSlet adds on its way and on its way back.
    var detour = 0.0
  }

  private mutating func send(to target: Int32, _ sending: inout Sending) {
    let k = Int(target)
    sending.targets += 1
    var arrival = cpus[k].interruptArrival
    // A CPU whose call queue is not empty gets no second interrupt (llist_add in
    // __smp_call_single_queue, kernel/smp.c, Linux 6.12).
    if arrival <= now {
      sending.sent += interruptCost.send
      arrival = now + sending.sent + sending.detour + interruptCost.deliver
      if cpus[k].mode == .idle, cpus[k].server < 0 { arrival += costs.idleExit }
      cpus[k].interruptArrival = arrival
    }
    let span = program.samplers[sending.handler].sample(&random, program.table)
    let end = steal(from: target, span: span, at: arrival, as: .ipi)
    sending.done = max(sending.done, end + interruptCost.acknowledge + sending.detour)
  }

  /// To every other CPU of the sender's OSlet that runs a task of the process now.
  ///
  /// CPUs that are idle or run another process are in lazy TLB mode and left alone ("x86/mm/tlb: Make
  /// lazy TLB mode lazier", R. van Riel, Linux 4.20). Another OSlet that runs tasks of the process gets
  /// one message and does the same.
  private mutating func toProcess(_ process: Int32, _ sending: inout Sending) {
    let here = cpus[Int(sending.cpu)].oslet
    var there = here
    for place in processCPUs[Int(process)].indices {
      let target = processCPUs[Int(process)][place]
      let current = cpus[Int(target)].current
      guard target != sending.cpu, current >= 0, tasks[Int(current)].process == process else {
        continue
      }
      let oslet = cpus[Int(target)].oslet
      if oslet != there {
        there = oslet
        sending.detour = oslet == here ? 0 : messageCost.polled / 2
        if oslet != here { messages += 1 }
      }
      send(to: target, &sending)
    }
  }

  /// That many other CPUs of the sender's OSlet, from a random one on.
  private mutating func toOthers(_ count: Int, _ sending: inout Sending) {
    let range = oslets[Int(cpus[Int(sending.cpu)].oslet)].cpus
    guard range.count > 1 else { return }
    let own = Int(sending.cpu) - range.lowerBound
    let first = random.index(below: range.count - 1)
    for i in 0..<min(count, range.count - 1) {
      let place = (own + 1 + (first + i) % (range.count - 1)) % range.count
      send(to: Int32(range.lowerBound + place), &sending)
    }
  }

  /// Takes `span` from what `cpu` does, from `arrival` on and after earlier interrupts; returns when
  /// that is over.
  mutating func steal(
    from cpu: Int32, span: Double, at arrival: Double, as category: Category
  ) -> Double {
    let c = Int(cpu)
    if cpus[c].interruptedUntil <= now { cpus[c].handlersQueued = 0 }
    let end = max(arrival, cpus[c].interruptedUntil) + span
    cpus[c].interruptedUntil = end
    if cpus[c].server >= 0 || cpus[c].mode == .segment {
      cpus[c].stolen += span
      shift(span, to: category)
    } else {
      cpus[c].handlersQueued += span
      shift(span, to: category, from: cpus[c].category)
    }
    return end
  }
}
