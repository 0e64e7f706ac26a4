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

  /// Every kernel with each CPU count of GUEST_CPUS (2 when it is not set), and one whose spinlocks
  /// are native: a third waiter is the first that such a lock shows, so it has four CPUs.
  static let all: [Guest] = {
    let counts = (ProcessInfo.processInfo.environment["GUEST_CPUS"] ?? "2")
      .split(separator: " ").compactMap { Int($0) }
    return counts.flatMap { cpus in Kernel.allCases.map { Guest(kernel: $0, cpus: cpus) } }
      + [Guest(kernel: .trixie, cpus: 4, spinlocks: .native)]
  }()

  /// Whether `make setup-guests` has put the emulator and every guest in place.
  static let areReady: Bool =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/qemu-system-x86_64")
    && Kernel.allCases.allSatisfy {
      FileManager.default.fileExists(
        atPath: root.appending(path: ".build/guests/\($0.rawValue)/initramfs.gz").path)
    }

  /// The package's folder.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
