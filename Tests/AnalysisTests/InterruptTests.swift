import Analysis
import Testing

@Suite("Interrupts")
struct InterruptTests {
  static let text = """
    cpus 3
    symbol 0xffffffff81000000 size=256 type=t name=flush_tlb_func
    symbol 0xffffffff81000100 size=256 type=t name=nohz_csd_func
    1.000000000 [0] tid=7 csd_queue_cpu csd=0x11 func=0xffffffff81000000 callsite=0x1 cpu=1
    1.000000010 [0] tid=7 csd_queue_cpu csd=0x12 func=0xffffffff81000000 callsite=0x1 cpu=2
    1.000000050 [0] tid=7 ipi_send_cpumask word=first:0 mask=0x6 callsite=0x1 callback=0x5
    1.000001000 [1] tid=8 call_function_entry vector=251
    1.000001100 [1] tid=8 csd_function_entry csd=0x11 func=0xffffffff81000000
    1.000001400 [1] tid=8 csd_function_exit csd=0x11 func=0xffffffff81000000
    1.000001500 [1] tid=8 call_function_exit vector=251
    1.000002000 [2] tid=9 csd_function_entry csd=0x12 func=0xffffffff81000000
    1.000002500 [2] tid=9 csd_function_exit csd=0x12 func=0xffffffff81000000
    1.000003000 [0] tid=7 csd_queue_cpu csd=0x13 func=0xffffffff81000100 callsite=0x1 cpu=1
    1.000003100 [0] tid=7 ipi_send_cpu cpu=2 callsite=0x1 callback=0x0
    1.000003200 [2] tid=9 reschedule_entry vector=253
    1.000003300 [2] tid=9 reschedule_exit vector=253
    1.000003400 [1] tid=8 ipi_send_cpu cpu=1 callsite=0x1 callback=0x9
    1.000003500 [0] tid=7 tlb_flush pages=4 reason=1
    1.000003600 [0] tid=7 tlb_flush pages=-1 reason=1
    1.000003700 [0] tid=7 tlb_flush pages=2 reason=5
    """

  @Test("requests go to the matrix by sender and target")
  func matrix() throws {
    let ipi = try analyze(Self.text).ipi
    #expect(ipi.matrix == [[0, 2, 2], [0, 0, 0], [0, 0, 0]])
    #expect(ipi.sent == 4 && ipi.received == 3, "the second call to CPU 1 has not run yet")
    #expect(ipi.reschedules == 1 && ipi.toSelf == 1 && ipi.raised == 4 && ipi.unjoined == 1)
    #expect(ipi.byTarget.map(\.callFunction) == [0, 1, 0])
    #expect(ipi.byTarget.map(\.reschedule) == [0, 0, 1])
    #expect(ipi.byTarget.map(\.queued) == [0, 2, 1])
  }

  @Test("latency runs from the queue to the handler, completion to the slowest handler's end")
  func times() throws {
    let ipi = try analyze(Self.text).ipi
    let flush = try #require(ipi.byFunction.first)
    #expect(flush.function == "flush_tlb_func" && flush.count == 2 && flush.waitedFor)
    #expect(flush.handlerNsTotal == 800 && flush.completionNsMean == 2_500)
    #expect(ipi.latency.mean == (1_100 + 1_990) / 2)
    #expect(ipi.senderWaitNs == 2_500)
    #expect(ipi.handlerNs == 800, "handlers took longer than the interrupts that were seen")
    #expect(ipi.byFunction.map(\.function) == ["flush_tlb_func", "nohz_csd_func"])
  }

  @Test("flushes by the kernel's reasons")
  func flushes() throws {
    let tlb = try analyze(Self.text).tlb
    #expect(tlb.flushes == 3)
    #expect(tlb.byReason == ["remote_shootdown": 2, "remote_wrong_cpu": 1])
    #expect(tlb.pagesByReason == ["remote_shootdown": 4, "remote_wrong_cpu": 2])
    #expect(tlb.fullByReason == ["remote_shootdown": 1])
  }
}
