import FoundationEssentials
import Validation
import Workloads

/// The tables and machine files of docs/validation, judged once and shared by the suites.
enum PublishedTables {
  static let folder: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/") + "/docs/validation/"
  }()

  static func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: folder + name))
  }

  static func table(_ name: String) throws -> ScalingTable {
    try ScalingTable(csv: String(decoding: data("tables/" + name + ".csv"), as: UTF8.self))
  }

  static func machine(_ name: String) throws -> Machine {
    try JSONDecoder().decode(Machine.self, from: data("machines/" + name + ".json"))
  }

  static func report(
    _ tables: [String], _ machine: String, _ limit: Int
  ) throws -> [ValidationReport.Point] {
    try tables.flatMap { name in
      try ValidationReport(table(name), machine: Self.machine(machine), calibrateTo: limit)
        .series.flatMap(\.points)
    }
  }
}
