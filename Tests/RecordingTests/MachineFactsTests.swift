import Glibc
import Testing
import TraceFormat

@testable import Recording

@Suite("Facts of a machine")
struct MachineFactsTests {
  static func kernel(
    _ config: [String: String], release: String = "6.18.1", hypervisor: String? = nil
  ) -> KernelFacts {
    KernelFacts(
      release: release, version: "", architecture: "x86_64", config: config, parameters: [],
      hypervisor: hypervisor, processor: "")
  }

  @Test("who is traced depends on the spinlock the kernel chose")
  func regimes() {
    let native = Regimes.of(Self.kernel(["PARAVIRT_SPINLOCKS": "y", "QUEUED_SPINLOCKS": "y"]))
    #expect(native["spinlock"]?.hasPrefix("first waiter not traced") == true)
    let fallback = Regimes.of(Self.kernel(["PARAVIRT_SPINLOCKS": "n"], hypervisor: "KVM"))
    #expect(fallback["spinlock"]?.hasPrefix("no waiter traced") == true)
    let unknown = Regimes.of(Self.kernel([:], hypervisor: "KVM"))
    #expect(unknown["spinlock"]?.hasPrefix("unknown") == true)
    let realTime = Regimes.of(Self.kernel(["PREEMPT_RT": "y"]))
    #expect(realTime["spinlock"]?.hasPrefix("rtmutex") == true)
    #expect(realTime["raw spinlock"]?.hasPrefix("first waiter") == true)
  }

  @Test("percpu-rwsem writers fired without waiting before 6.9")
  func percpuRwsem() {
    let releases = [("6.8.12", true), ("6.9.0-rc1", false), ("6.18.44-x", false), ("5.19", true)]
    for (release, isOld) in releases {
      let regime = Regimes.of(Self.kernel([:], release: release))["percpu-rwsem"]
      #expect(regime?.contains("did not wait") == isOld)
    }
  }

  @Test("a config text, and what it leaves out")
  func config() {
    let text = "CONFIG_HZ=250\n# CONFIG_LOCKDEP is not set\nCONFIG_NR_CPUS=256\nCONFIG_EXT4_FS=m\n"
    let config = KernelConfig(parsing: text, source: "/proc/config.gz")
    #expect(config.has("EXT4_FS"))
    #expect(config.tellingItems["NR_CPUS"] == "256")
    #expect(config.tellingItems["LOCKDEP"] == "n")
    #expect(KernelConfig(parsing: "", source: nil).tellingItems == [:])
  }

  @Test("CPUs that share something are numbered by the lowest of them")
  func topology() {
    let shared = ["0,2", "1,3", "0,2", "1,3", nil]
    #expect(TopologyFacts.groups(5) { shared[$0] } == [0, 1, 0, 1, -1])
  }

  @Test("this machine's topology places every online CPU")
  func running() {
    let facts = TopologyFacts.running()
    #expect(!facts.online.isEmpty)
    for cpu in facts.online { #expect(facts.core[cpu] >= 0 && facts.socket[cpu] >= 0) }
    for list in [facts.cache, facts.node, facts.socket] { #expect(list.count == facts.core.count) }
  }

  @Test("cgroup paths of both versions")
  func cgroups() {
    #expect(TaskScan.cgroup("0::/user.slice/a:b\n") == "/user.slice/a:b")
    #expect(TaskScan.cgroup("4:cpu,cpuacct:/jobs/7\n3:memory:/m\n0::/\n") == "/jobs/7")
    #expect(TaskScan.cgroup("") == "")
  }

  @Test("this process is among the tasks, under its own name")
  func tasks() throws {
    let own = try #require(TaskScan.all().first { $0.task.rawValue == getpid() })
    #expect(own.process == own.task)
    #expect(own.name == KernelFile.line("/proc/self/comm"))
  }
}
