import Testing

@testable import Analysis

@Suite("Turns of a loop")
struct TurnPlanTests {
  @Test(
    "whole counts keep the rates' proportions",
    arguments: [[0.37, 2.9, 0.05], [1, 1, 1], [0.001, 0.002], [7.3]])
  func proportions(rates: [Double]) {
    let plan = TurnPlan(rates: rates, weights: rates.map { _ in 1 })
    for (rate, count) in zip(rates, plan.counts) {
      #expect(abs(Double(count) / (rate * plan.operations) - 1) < 0.05, "\(plan)")
    }
    #expect(plan.counts.reduce(0, +) <= TurnPlan.longest + rates.count)
  }

  @Test("what is far too rare beside the rest is left out, the rest is kept")
  func tooRare() {
    let plan = TurnPlan(rates: [10, 1e-6], weights: [1, 0.01])
    #expect(plan.counts[0] > 0 && plan.counts[1] == 0)
  }

  @Test("nothing at all is a turn of one operation")
  func empty() {
    let plan = TurnPlan(rates: [0, 0], weights: [1, 1])
    #expect(plan.operations == 1 && plan.counts == [0, 0])
  }
}
