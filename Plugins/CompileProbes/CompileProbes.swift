import Foundation
import PackagePlugin

/// Compiles the BPF programs of `Probes/` with the toolchain's own clang and embeds the object
/// in the binary: a Swift file with one base64 `StaticString`, so that a plain `swift build` gives
/// one self-contained program and nothing has to be found at run time.
@main
struct CompileProbes: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let probes = context.package.directoryURL.appending(path: "Probes")
    let output = context.pluginWorkDirectoryURL
    let object = output.appending(path: "oslet.bpf.o")
    let embedded = output.appending(path: "EmbeddedProbes.swift")
    let clang = try context.tool(named: "clang").url

    let sources = try FileManager.default
      .contentsOfDirectory(at: probes, includingPropertiesForKeys: nil)
      .filter { ["c", "h"].contains($0.pathExtension) }
      .sorted { $0.path < $1.path }

    // Debian keeps <asm/types.h> below the multiarch directory, which clang does not search when
    // the target is bpf.
    #if arch(x86_64)
      let architecture = "x86"
      let multiarch = "/usr/include/x86_64-linux-gnu"
    #elseif arch(arm64)
      let architecture = "arm64"
      let multiarch = "/usr/include/aarch64-linux-gnu"
    #endif
    let compile = """
      "$1" -target bpf -mcpu=v3 -g -O2 -Wall -Wextra -Wno-unused-parameter -Werror \
        -D__TARGET_ARCH_\(architecture) -idirafter \(multiarch) -c "$2" -o "$3"
      {
        printf '%s\\n' '/// The compiled probes: an ELF object of Probes/oslet.bpf.c in base64.'
        printf '%s' 'let embeddedProbes: StaticString = "'
        base64 -w 0 "$3"
        printf '%s\\n' '"'
      } > "$4"
      """
    return [
      .buildCommand(
        displayName: "Compiling BPF probes",
        executable: URL(filePath: "/bin/sh"),
        arguments: [
          "-euc", compile, "compile-probes", clang.path,
          probes.appending(path: "oslet.bpf.c").path, object.path, embedded.path,
        ],
        inputFiles: sources,
        outputFiles: [embedded])
    ]
  }
}
