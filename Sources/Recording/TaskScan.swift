import TraceFormat

/// The tasks that live now, from /proc.
enum TaskScan {
  /// Every thread with its process, name and cgroup, by thread id; one that exits meanwhile is
  /// left out.
  static func all() -> [TaskRecord] {
    var tasks: [TaskRecord] = []
    for process in KernelFile.names(in: "/proc") {
      guard let tgid = Int32(process) else { continue }
      let group = KernelFile.text("/proc/\(process)/cgroup").map(cgroup) ?? ""
      for thread in KernelFile.names(in: "/proc/\(process)/task") {
        guard let tid = Int32(thread),
          let name = KernelFile.line("/proc/\(process)/task/\(thread)/comm")
        else { continue }
        tasks.append(
          TaskRecord(task: TaskID(tid), process: TaskID(tgid), name: name, cgroup: group))
      }
    }
    return tasks.sorted { $0.task < $1.task }
  }

  /// The path in a /proc/PID/cgroup text: that of the unified hierarchy (`0::/path`), else that of
  /// the cpu controller of version 1 (`4:cpu,cpuacct:/path`).
  static func cgroup(_ text: String) -> String {
    var path = ""
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      if parts[0] == "0", parts[2] != "/" || path.isEmpty { path = String(parts[2]) }
      if parts[1].split(separator: ",").contains("cpu"), path.isEmpty || path == "/" {
        path = String(parts[2])
      }
    }
    return path
  }
}
