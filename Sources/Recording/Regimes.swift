import CBPF
import TraceFormat

/// How each lock kind shows in a trace of this kernel: which waiters are traced at all.
///
/// The same load gives different pictures on bare metal, under a paravirtual spinlock and under
/// the test-and-set fallback; inference needs to know which it looks at.
enum Regimes {
  /// Regime by lock kind, in the words of docs/capture.md.
  static func of(_ kernel: KernelFacts) -> [String: String] {
    if kernel.config["PREEMPT_RT"] == "y" {
      // kernel/locking/spinlock_rt.c: spinlock_t and rwlock_t are built on rtmutex.
      return [
        "spinlock": "rtmutex: every waiter, it may sleep", "rwlock": "rtmutex: every waiter",
        "raw spinlock": spinlock(kernel), "mutex": "rtmutex: every waiter",
        "rwsem": "rtmutex: every waiter", "percpu-rwsem": percpuRwsem(kernel),
      ]
    }
    return [
      "spinlock": spinlock(kernel),
      "rwlock": "every waiter that queues (qrwlock slow path)",
      "mutex": "every waiter; spin and sleep parts are separate begins",
      // kernel/locking/rwsem.c: the optimistic spin comes before trace_contention_begin.
      "rwsem": "waiters that queue; a writer that got it by optimistic spinning is not traced",
      "percpu-rwsem": percpuRwsem(kernel), "rtmutex": "every waiter",
    ]
  }

  /// kernel/locking/qspinlock.c: trace_contention_begin stands below the label `queue`.
  ///
  /// A waiter that finds only the owner waits on the pending bit above it, untraced. pv_enabled()
  /// jumps to `queue` (all are traced); virt_spin_lock() returns before it (none is).
  private static func spinlock(_ kernel: KernelFacts) -> String {
    let native = "first waiter not traced (native qspinlock, pending bit)"
    let paravirtual = "every waiter (paravirt qspinlock)"
    let fallback = "no waiter traced (test-and-set fallback under a hypervisor)"
    if kernel.config["QUEUED_SPINLOCKS"] == "n" { return "unknown: not a queued spinlock" }
    guard let hypervisor = kernel.hypervisor else { return native }
    guard let built = kernel.config["PARAVIRT_SPINLOCKS"] else {
      return "unknown: a hypervisor, and no kernel config to read"
    }
    if built == "n" { return fallback }
    guard hypervisor == "KVM" else {
      // native_pv_lock_init (arch/x86/kernel/paravirt.c) turns test-and-set on under any hypervisor;
      // besides KVM only these two have code in Linux that replaces it.
      let hasOwn = ["Xen", "Hyper-V"].contains(hypervisor)
      return hasOwn ? "\(paravirtual), where \(hypervisor) offers it" : fallback
    }
    // kvm_spinlock_init in arch/x86/kernel/kvm.c (5.10 and later).
    let features = oslet_kvm_spinlock_features()
    if features & 1 == 0 { return fallback }
    if features & 2 != 0 || kernel.parameters.contains("nopvspin") { return native }
    return paravirtual
  }

  /// Commit f3e3620f1a97 (6.9): before it a writer fired the event without waiting.
  private static func percpuRwsem(_ kernel: KernelFacts) -> String {
    let numbers = kernel.release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    let isOld = numbers.count == 2 && (numbers[0], numbers[1]) < (6, 9)
    return isOld
      ? "every waiter, and writers that did not wait (before 6.9)" : "every waiter"
  }
}
