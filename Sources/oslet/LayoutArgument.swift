import ArgumentParser
import FoundationEssentials
import Workloads

/// A layout as the command line gives it: a short form, or the path of a YAML file.
struct LayoutArgument: ExpressibleByArgument {
  let text: String

  init?(argument: String) { text = argument }

  /// The layout.
  ///
  /// - Throws: `ToolFailure` (usage) that says where the text goes wrong.
  func layout() throws(ToolFailure) -> Layout {
    let isFile = text.hasSuffix(".yaml") || text.hasSuffix(".yml")
    let source = isFile ? try readInput(text) : Data()
    do throws(WorkloadError) {
      return isFile
        ? try Layout(yaml: String(decoding: source, as: UTF8.self)) : try Layout(text)
    } catch {
      // A short form's error names the text itself.
      let place = isFile ? "layout \(text): " : ""
      throw ToolFailure(place + error.description, status: .usage)
    }
  }
}
