/// Machines that ship as data, by name.
public enum KnownMachines {
  /// All of them, by name.
  public static let all: [Machine] = (measured + derived).sorted { $0.name < $1.name }

  /// The machine of that name; letter case does not matter.
  ///
  /// - Throws: `WorkloadError.unknownName`, listing the names there are.
  public static func machine(named name: String) throws(WorkloadError) -> Machine {
    guard let found = all.first(where: { $0.name == name.lowercased() }) else {
      throw .unknownName(
        "no machine file and no known machine is called '\(name)'; known: "
          + all.map(\.name).joined(separator: ", "))
    }
    return found
  }
}
