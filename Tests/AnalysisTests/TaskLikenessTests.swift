import Testing

@testable import Analysis

@Suite("Tasks that are alike")
struct TaskLikenessTests {
  private func sets(_ rates: [(calls: Double, contentions: Double)]) -> [[Int]] {
    TaskLikeness.sets(
      rates.enumerated().map {
        TaskLikeness.Rates(
          task: $0.offset, ran: 1e9, systemCalls: $0.element.calls,
          contentions: $0.element.contentions)
      })
  }

  @Test("a spread without a gap is one kind, a gap parts two")
  func gaps() {
    #expect(sets([(1_000, 500), (1_500, 700), (2_500, 900), (4_000, 1_100)]) == [[0, 1, 2, 3]])
    #expect(sets([(1_000, 500), (5_000, 500), (1_100, 500), (5_500, 500)]) == [[0, 2], [1, 3]])
    // Alike by their calls, and one meets others ten times as often.
    #expect(sets([(1_000, 500), (1_000, 5_000), (1_000, 600)]) == [[0, 2], [1]])
  }

  @Test("too few events make no kind of task")
  func few() {
    #expect(sets([(5, 1), (90, 2), (1_000, 500), (1_200, 600)]) == [[0, 1, 2, 3]])
    #expect(sets([(5, 1), (90, 2)]) == [[0, 1]])
    #expect(TaskLikeness.sets([]).isEmpty)
  }
}
