import CCalibration
import Calibration
import FoundationEssentials
import Measures
import Testing
import Workloads

/// CPUs this process may use.
private let usable = (0..<1_024).filter { calibration_may_use(Int32($0)) != 0 }

@Suite("Calibration of this machine", .serialized)
struct CalibrationTests {
  @Test("a short run gives a machine that reads back, every constant within its spread")
  func shortRun() throws {
    guard usable.count >= 2 else {
      let error = #expect(throws: CalibrationError.self) { try MeasuredMachine.measure(.short) }
      #expect(error == .tooFewCPUs(usable.count))
      return
    }
    let measured = try MeasuredMachine.measure(.short)
    let machine = measured.machine
    #expect(machine.cpuCount >= usable.count)
    #expect(measured.cpus == usable)
    for key in [
      "atomic_ns", "system_call_ns", "clock_ns", "polled_round_trip_ns", "notified_round_trip_ns",
      "futex_wake_ns", "idle_exit_ns", "context_switch_ns", "handover_ns", "dirty_line_ns",
    ] {
      let value = try #require(machine.constants[key], "\(key)")
      let range = try #require(machine.spread[key], "\(key)")
      #expect(value >= 0 && range.low <= value && value <= range.high, "\(key)")
    }
    for (key, range) in machine.spread
    where !["dirty_line_ns", "context_switch_ns"].contains(key) && !key.hasPrefix("ipi") {
      #expect(range.low > 0, "\(key)")
    }
    // A message is at least one line there and one back; a wake-up at least a system call.
    let far = machine.lineTransfer.cost(at: .cross, in: machine.topology)
    #expect(far.value >= 0)
    #expect(machine.message.notified >= machine.message.polled)
    #expect(
      try #require(machine.constants["futex_wake_ns"])
        > #require(machine.constants["system_call_ns"]) / 2)
    #expect(
      try #require(machine.constants["polled_round_trip_ns"])
        > #require(machine.constants["atomic_ns"]))
    if machine.constants["ipi_round_trip_ns"] != nil {
      #expect(machine.interrupt.send.value > 0 && machine.interrupt.deliver.value > 0)
    }
    let json = try encodeDocument(measured)
    let again = try Machine(json: json)
    #expect(again == machine)
    #expect(String(decoding: json, as: UTF8.self).contains("\"warnings\""))
  }

  @Test("a line costs the same both ways, within the noise of a machine at work")
  func symmetry() throws {
    guard usable.count >= 2 else { return }
    let (a, b) = (Int32(usable[0]), Int32(usable[1]))
    func best(_ from: Int32, _ to: Int32) -> Double {
      (0..<15).map { _ in calibration_ping_pong(from, to, 500, 0) }.filter { $0 > 0 }.min() ?? -1
    }
    let (there, back) = (best(a, b), best(b, a))
    #expect(there > 0 && back > 0)
    #expect(there / back < 4 && back / there < 4)
  }

  @Test("CPUs that are the same, unknown or out of range are refused, not measured")
  func refusals() throws {
    let first = Int32(try #require(usable.first))
    #expect(calibration_ping_pong(first, first, 10, 0) == -22)
    #expect(calibration_ping_pong(first, 100_000, 10, 0) == -22)
    #expect(calibration_ping_pong(first, -1, 10, 0) == -22)
    #expect(calibration_ping_pong(first, first + 1, 0, 0) == -22)
    #expect(calibration_ping_pong(first, first + 1, 10, 17) == -22)
    #expect(calibration_atomic(-1, 10) == -22)
    #expect(calibration_handover(1, 10, 0) == -22)
    #expect(calibration_handover(257, 10, 0) == -22)
    #expect(calibration_polled_ring(first, first, 10) == -22)
    #expect(calibration_notified_ring(first, first, 10) == -22)
    #expect(calibration_membarrier(first, first, 10).error == -22)
    #expect(calibration_futex_wake(first, first, 10).error == -22)
    #expect(calibration_context_switch(-1, 10) == -22)
    #expect(calibration_may_use(-1) == 0 && calibration_may_use(1 << 20) == 0)
  }
}
