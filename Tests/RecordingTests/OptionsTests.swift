import Measures
import Testing
import TraceFormat

@testable import Recording

@Suite("Options")
struct OptionsTests {
  @Test("event groups: a list, all, and all but some")
  func groups() throws {
    #expect(try EventGroup.parse("lock,ipi") == [.lock, .ipi])
    #expect(try EventGroup.parse("all") == Set(EventGroup.allCases))
    #expect(try EventGroup.parse("-waking,-wakeup").count == EventGroup.allCases.count - 2)
    #expect(throws: RecordError.self) { try EventGroup.parse("locks") }
    #expect(throws: RecordError.self) { try EventGroup.parse("lock,-lock") }
  }

  @Test("triggers and lengths of time, as the command line spells them")
  func triggers() throws {
    let trigger = try Trigger.parse("wait>1.5ms")
    #expect(trigger.cause == .wait)
    #expect(trigger.threshold.value == 1.5e6)
    #expect(try Trigger.parse("ipi>20us").cause == .ipi)
    for bad in ["wait", "wait>", "wait>5", "wait>0us", "wait<1ms", "irq>1ms", "wait>-1ms", ""] {
      #expect(throws: RecordError.self) { try Trigger.parse(bad) }
    }
    #expect(TimeSpan.parse("10s")?.value == 1e10)
    #expect(TimeSpan.parse("2m")?.value == 12e10)
    #expect(TimeSpan.parse("10M") == nil)
  }

  @Test("a file is full by its size, its age, or by a signal alone")
  func switches() {
    #expect(OutputSwitch(.size(100)).isDue(bytes: 100, age: .seconds(0)))
    #expect(!OutputSwitch(.size(100)).isDue(bytes: 99, age: .seconds(99)))
    #expect(OutputSwitch(.time(.seconds(2))).isDue(bytes: 0, age: .seconds(2)))
    #expect(!OutputSwitch(.signal).isDue(bytes: .max, age: .seconds(1e9)))
  }

  @Test("lists of CPUs in the kernel's notation")
  func cpuLists() {
    #expect(CPUList.parse("0-3,8,10-11") == [0, 1, 2, 3, 8, 10, 11])
    #expect(CPUList.parse("5") == [5])
    #expect(CPUList.parse("") == [])
    for bad in ["3-1", "a", "1,", "-1", "1-2-3", "99999999"] { #expect(CPUList.parse(bad) == nil) }
  }

  @Test("logs together stay within the stated memory, and each has a floor")
  func logSizes() throws {
    for cpus in [1, 2, 4, 8, 64] {
      let bytes = RecordOptions.defaultBytesPerCPU(cpus: cpus)
      #expect(bytes * cpus <= 32 << 20)
      #expect(bytes.nonzeroBitCount == 1)
    }
    #expect(RecordOptions.defaultBytesPerCPU(cpus: 2) == 8 << 20)
    #expect(RecordOptions.defaultBytesPerCPU(cpus: 4096) == 512 << 10)
    #expect(try RecordingPlan.logSize(5000, cpus: 1) == 8192)
    #expect(throws: RecordError.self) { try RecordingPlan.logSize(0, cpus: 1) }
    #expect(throws: RecordError.self) { try RecordingPlan.logSize(1 << 40, cpus: 1) }
  }

  @Test("a share of CPU time is never rounded up")
  func shares() {
    #expect(RecordingPlan.stackShift(1) == 0)
    #expect(RecordingPlan.stackShift(0.5) == 1)
    #expect(RecordingPlan.stackShift(0.02) == 6)
    #expect(RecordingPlan.stackShift(0) == 63)
  }

  @Test("the drain follows the filling, within its bounds")
  func pace() {
    var pace = DrainPace()
    for _ in 0..<10 { pace.adapt(to: 0.9) }
    #expect(pace.milliseconds == 1)
    pace.adapt(to: 0.1)
    #expect(pace.milliseconds == 1)
    for _ in 0..<10 { pace.adapt(to: 0) }
    #expect(pace.milliseconds == 100)
  }

  @Test("a command that ends by a signal has the status a shell gives it")
  func statuses() {
    #expect(ChildStatus.exited(3).exitStatus == 3)
    #expect(ChildStatus.signalled(15).exitStatus == 143)
  }
}
