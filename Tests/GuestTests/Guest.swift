import Foundation
import Testing

/// One of Debian's kernels on a number of emulated CPUs.
struct Guest: Hashable, Sendable, CustomTestStringConvertible {
  /// The kernels that the script `guest` fetches, by the name it gives them.
  enum Kernel: String, CaseIterable, Sendable {
    /// Bookworm's: lock and TLB tracepoints, none for sent interrupts.
    case bookworm = "6.1"
    /// Trixie's: all tracepoints.
    case trixie = "6.12"
    /// Trixie's with PREEMPT_RT.
    case realTime = "6.12-rt"
  }

  /// What the guest's processor says of a hypervisor, which decides the kernel's spinlocks.
  enum Spinlocks: String, Sendable {
    /// The hypervisor bit is set, and no paravirt spinlocks are offered: test-and-set.
    case testAndSet = "qemu64"
    /// The bit is clear: the native queued spinlock.
    case native = "qemu64,-hypervisor"
  }

  /// The kernel.
  var kernel: Kernel
  /// How many CPUs.
  var cpus: Int
  /// Which spinlocks it uses.
  var spinlocks = Spinlocks.testAndSet

  var testDescription: String { "\(kernel.rawValue), \(cpus) CPUs, \(spinlocks)" }

  /// Every kernel that is here with each CPU count of GUEST_CPUS (2, 8 and 16 when it is not set), and
  /// one whose spinlocks are native: a third waiter is the first that such a lock shows, so it has
  /// four CPUs.
  ///
  /// Those that take longest first.
  static let all: [Guest] = {
    let counts = (ProcessInfo.processInfo.environment["GUEST_CPUS"] ?? "16 8 2")
      .split(separator: " ").compactMap { Int($0) }
    let here = Kernel.allCases.filter { has($0, "initramfs.gz") }
    return counts.flatMap { cpus in here.map { Guest(kernel: $0, cpus: cpus) } }
      + here.filter { $0 == .trixie }.map { Guest(kernel: $0, cpus: 4, spinlocks: .native) }
  }()

  /// Whether `make setup-guests` was run.
  static let areReady: Bool =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/qemu-system-x86_64")
    && Kernel.allCases.allSatisfy { has($0, "initramfs.gz") || has($0, "absent") }

  private static func has(_ kernel: Kernel, _ file: String) -> Bool {
    FileManager.default.fileExists(atPath: folder(kernel).appending(path: file).path)
  }

  /// What the script `guest` keeps of a kernel.
  static func folder(_ kernel: Kernel) -> URL {
    root.appending(path: ".build/guests/\(kernel.rawValue)")
  }

  /// The package's folder.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
