import Analysis
import Testing
import TraceFormat

extension RecordedTrace {
  /// What the analyzer makes of the whole trace.
  func analyzed() -> Findings {
    var analyzer = Analyzer(facts: facts)
    for event in events { analyzer.add(event) }
    return analyzer.finish(stacks: stacks, symbols: symbols, tasks: tasks, losses: losses)
  }
}

/// The findings of a trace written as text.
func analyze(_ text: String) throws -> Findings { try RecordedTrace(text: text).analyzed() }
