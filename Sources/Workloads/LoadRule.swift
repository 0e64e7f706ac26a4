/// How the load grows with the machine.
public enum LoadRule: String, Hashable, Sendable, CaseIterable, Codable {
  /// N/n copies of the recorded tasks on N CPUs: instances of process scope and narrower are cloned,
  /// image-wide ones are shared.
  case replicate
  /// The recorded tasks, on more CPUs.
  case fixed
}
