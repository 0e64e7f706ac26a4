import TraceFormat

extension TraceFacts {
  /// What a recording of a choice of events, or of changing CPUs, cannot tell, a sentence for each;
  /// empty where everything was recorded.
  var limits: [String] {
    var limits = Self.sentences.compactMap { key, sentence in
      filters?[key].map { sentence.replacing("%", with: $0) }
    }
    if let changes = cpuChanges.map(Self.text) {
      limits.append(
        "\(changes) while recording: shares of CPU time and predictions count the CPUs that were "
          + "online at the start")
    }
    return limits
  }

  /// `CPU 1 went, CPU 3 came`.
  static func text(_ changes: [CPUChange]) -> String {
    changes.map { "CPU \($0.cpu) \($0.isOnline ? "came" : "went")" }.joined(separator: ", ")
  }

  private static let sentences = [
    (
      "cpus",
      "only CPUs % were recorded: waits, holders and IPIs on the others are missing, and the load "
        + "is that of a part of the machine"
    ),
    (
      "processes",
      "only processes % and their children were recorded: those they waited for may be missing, "
        + "and holds, rates and predictions know nothing of other processes"
    ),
    (
      "threads",
      "only threads % were recorded: those they waited for may be missing, and holds, rates and "
        + "predictions know nothing of other threads"
    ),
    (
      "cgroups",
      "only tasks in cgroups % were recorded: those they waited for may be missing, and holds, rates "
        + "and predictions know nothing of other tasks"
    ),
    (
      "lock_types",
      "only waits for locks of type % were recorded: a prediction takes all other locks for free"
    ),
    ("locks", "only waits for % were recorded: a prediction takes all other locks for free"),
  ]
}
