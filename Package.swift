// swift-tools-version: 6.2
import PackageDescription

/// One settings list for every target of the host: the language mode, the upcoming features the
/// house relies on, and no warning left standing.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// The engines read no file and no clock: what they import is what they can do.
let package = Package(
  name: "oslet",
  products: [.executable(name: "oslet", targets: ["oslet"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(name: "Measures", swiftSettings: house),
    // No pkg-config and no `link` in their module maps: either would name the shared library, and
    // the program should run where it is not installed.
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CZstd"),
    .target(
      name: "TraceFormat", dependencies: ["Measures", "CZlib", "CZstd"], swiftSettings: house,
      linkerSettings: [.linkedLibrary(":libzstd.a"), .linkedLibrary(":libz.a")]),
    .target(
      name: "Interchange", dependencies: ["Measures", "TraceFormat"], swiftSettings: house),
    // Finds METIS when a layout first asks for it: Debian has no archive to link.
    .target(name: "CMETIS"),
    .target(name: "GraphPartition", dependencies: ["CMETIS"], swiftSettings: house),
    .target(
      name: "Workloads",
      dependencies: ["GraphPartition", "Measures", .product(name: "Yams", package: "Yams")],
      swiftSettings: house),
    .target(
      name: "Analysis", dependencies: ["Measures", "TraceFormat", "Workloads"],
      swiftSettings: house),
    .target(name: "Queueing", dependencies: ["Measures", "Workloads"], swiftSettings: house),
    .target(
      name: "Reporting", dependencies: ["Analysis", "Measures", "Workloads"],
      swiftSettings: house),
    .target(
      name: "Validation", dependencies: ["Measures", "Queueing", "Workloads"], swiftSettings: house),

    // Archives of libbpf and what it needs go into the binary, so that it runs where they are not
    // installed.
    .target(
      name: "CBPF",
      linkerSettings: [
        // See probes.c.
        .unsafeFlags(["-Xlinker", "--wrap=bpf_btf_get_next_id"]),
        .linkedLibrary(":libbpf.a"), .linkedLibrary(":libelf.a"), .linkedLibrary(":libz.a"),
      ]),
    .plugin(name: "CompileProbes", capability: .buildTool()),
    .target(
      name: "Recording", dependencies: ["CBPF", "Measures", "TraceFormat"], swiftSettings: house,
      plugins: ["CompileProbes"]),
    .target(name: "Replay", dependencies: ["Measures", "Workloads"], swiftSettings: house),
    .target(
      name: "CCalibration",
      // Measured loops are optimised in debug builds as well, or tests would measure the compiler.
      cSettings: [.define("_GNU_SOURCE"), .unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]),
    .target(
      name: "Calibration", dependencies: ["CCalibration", "Measures", "Workloads"],
      swiftSettings: house),

    .executableTarget(
      name: "oslet",
      dependencies: [
        "Analysis", "Calibration", "Interchange", "Measures", "Queueing", "Recording", "Replay",
        "Reporting", "TraceFormat", "Validation", "Workloads",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: house),

    // Beside its peers in make bench.
    .executableTarget(
      name: "replay-speed", dependencies: ["Measures", "Replay", "Workloads"],
      path: "Tests/Benchmarks/ReplaySpeed",
      exclude: ["heap.cpp", "simgrid.cpp", "simpy_repairman.py"], swiftSettings: house),

    .testTarget(name: "HouseTests", swiftSettings: house),
    .testTarget(
      name: "CommandTests", dependencies: ["oslet"], exclude: ["slurm"], swiftSettings: house),
    .testTarget(
      name: "GuestTests", dependencies: ["Analysis", "Measures", "Recording", "TraceFormat"],
      exclude: ["guest", "init", "loaded-bpf.c", "nobody.c", "storm.c"], swiftSettings: house),
    .testTarget(name: "MeasuresTests", dependencies: ["Measures"], swiftSettings: house),
    .testTarget(
      name: "TraceFormatTests", dependencies: ["Measures", "TraceFormat"], swiftSettings: house),
    .testTarget(
      name: "InterchangeTests", dependencies: ["Interchange", "Measures", "TraceFormat"],
      swiftSettings: house),
    .testTarget(
      name: "AnalysisTests", dependencies: ["Analysis", "Measures", "TraceFormat", "Workloads"],
      swiftSettings: house),
    .testTarget(
      name: "ReportingTests",
      dependencies: ["Analysis", "Measures", "Reporting", "TraceFormat", "Workloads"],
      exclude: ["Golden", "check_html.py"], swiftSettings: house),
    .testTarget(
      name: "RecordingTests", dependencies: ["CBPF", "Measures", "Recording", "TraceFormat"],
      swiftSettings: house),
    .testTarget(
      name: "LiveTests", dependencies: ["CBPF", "Measures", "Recording", "TraceFormat", "oslet"],
      swiftSettings: house),
    .testTarget(
      name: "CalibrationTests",
      dependencies: ["Calibration", "CCalibration", "Measures", "Workloads"],
      swiftSettings: house),
    .testTarget(
      name: "WorkloadsTests", dependencies: ["GraphPartition", "Measures", "Workloads"],
      swiftSettings: house),
    .testTarget(
      name: "QueueingTests", dependencies: ["Measures", "Queueing", "Workloads"],
      swiftSettings: house),
    .testTarget(
      name: "ValidationTests", dependencies: ["Measures", "Queueing", "Validation", "Workloads"],
      swiftSettings: house),
    .testTarget(
      name: "AgreementTests", dependencies: ["Measures", "Queueing", "Replay", "Workloads"],
      exclude: ["oracle.py"], swiftSettings: house),
    .testTarget(
      name: "RoundTripTests",
      dependencies: ["Analysis", "Measures", "Replay", "TraceFormat", "Workloads"],
      swiftSettings: house),
    .testTarget(
      name: "ReplayTests", dependencies: ["Measures", "Replay", "Workloads"],
      swiftSettings: house),
  ]
)
