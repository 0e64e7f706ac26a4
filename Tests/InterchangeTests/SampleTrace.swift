import Interchange
import TraceFormat

/// Two CPUs, one spinlock waited for twice (once with its stack), a mutex that spins and then sleeps,
/// an IPI with its csd, a fork, and an end without a begin.
func sampleTrace() throws(TraceError) -> RecordedTrace {
  try RecordedTrace(
    text: #"""
      kernel 6.18.0-test
      cpus 2
      task 71 process=70 name="a, \"b\"" cgroup=/
      task 72 process=72 name=reader cgroup=/
      symbol 0xffffffff81000000 size=64 type=T name=do_rename
      symbol 0xffffffff81000100 size=64 type=T name=syscall
      symbol 0xffffffff81000200 size=64 type=T name=flush_tlb_func
      symbol 0xffffffff82000000 size=4 type=D name=rename_lock
      stack 3 0xffffffff81000010 0xffffffff81000120
      0.000001000 [0] tid=71 contention_begin lock=0xffffffff82000000 flags=SPIN stack=3
      0.000003500 [1] tid=72 contention_begin lock=0xffffffff82000000 flags=SPIN
      0.000004000 [0] tid=71 contention_end lock=0xffffffff82000000 ret=0
      0.000005500 [1] tid=72 contention_end lock=0xffffffff82000000 ret=-4
      0.000006000 [0] tid=71 contention_begin lock=0xffff888100000040 flags=SPIN|MUTEX
      0.000007000 [0] tid=71 contention_begin lock=0xffff888100000040 flags=MUTEX
      0.000008000 [0] tid=71 sched_switch prev_state=2 next_pid=72 syscalls=4
      0.000020000 [0] tid=72 sched_switch prev_state=1 next_pid=71 syscalls=1
      0.000021000 [0] tid=71 contention_end lock=0xffff888100000040 ret=0
      0.000022000 [0] tid=71 csd_queue_cpu csd=0xffff88813bc0 func=0xffffffff81000200 cpu=1
      0.000022100 [0] tid=71 ipi_send_cpu cpu=1 callsite=0xffffffff81000130
      0.000023000 [1] tid=0 call_function_single_entry vector=251
      0.000023100 [1] tid=0 csd_function_entry csd=0xffff88813bc0 func=0xffffffff81000200
      0.000023900 [1] tid=0 csd_function_exit csd=0xffff88813bc0 func=0xffffffff81000200
      0.000024000 [1] tid=0 call_function_single_exit vector=251
      0.000025000 [1] tid=0 contention_end lock=0x1234 ret=0
      0.000026000 [1] tid=0 tlb_flush pages=-1 reason=2
      0.000027000 [0] tid=71 sched_process_fork child_comm=child child_pid=90 child_tgid=70
      """#)
}

/// The sample exported.
func exported(_ format: ExportFormat) throws -> [UInt8] {
  var reader = try TraceReader(bytes: sampleTrace().bytes())
  return try format.bytes(of: &reader)
}
