import CBPF
import Glibc

/// What a recorder gives up once its probes are attached and its files open.
///
/// Draining needs no privilege: the logs are mapped, programs are asked by descriptor, tasks are
/// named by files that everyone reads. What still needs one has a process of its own
/// (`StatisticsSwitch`) or is named here.
enum Privileges {
  /// The user and group behind sudo; nil where it was not used, or by root.
  static func invoker() -> (user: UInt32, group: UInt32)? {
    guard let user = number("SUDO_UID"), let group = number("SUDO_GID"), user != 0 else {
      return nil
    }
    return (user, group)
  }

  /// Becomes the user behind sudo, where there is one, and keeps of all capabilities these.
  ///
  /// Only for a process of one thread, which it changes for good.
  static func drop(keeping kept: Set<Capability>) throws(RecordError) {
    let held = Capability.effective()
    let invoker = geteuid() == 0 ? invoker() : nil
    let keep = kept.intersection(held).reduce(UInt64(0)) { $0 | 1 << $1.bit }
    let status = oslet_drop_privileges(
      invoker == nil ? 0 : 1, invoker?.user ?? 0, invoker?.group ?? 0, keep)
    if status != 0 { throw .system(call: "dropping privileges", errno: -status) }
  }

  private static func number(_ variable: String) -> UInt32? {
    guard let text = unsafe getenv(variable) else { return nil }
    return unsafe UInt32(String(cString: text))
  }
}
