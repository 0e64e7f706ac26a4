import Foundation
import Measures
import Testing
import Workloads

@testable import Reporting

@Suite("JSON")
struct JSONTests {
  @Test(
    "the prediction inside is the document that predict prints, the analysis the one of analyze")
  func nesting() throws {
    let input = Sample.input()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Report(input).json()) as? [String: Any])
    #expect(object["schema"] as? String == "oslet.report/1")
    let inner = try JSONSerialization.data(withJSONObject: try #require(object["prediction"]))
    #expect(try decodeDocument(Prediction.self, from: inner, what: "inner") == input.prediction)
    let analysis = try #require(object["analysis"] as? [String: Any])
    #expect(analysis["schema"] as? String == "oslet.analysis/1")
    #expect((analysis["classes"] as? [Any])?.isEmpty == false)
    let claim = try #require(object["claim"] as? [String: Any])
    #expect(claim["state"] as? String == "gain")
    #expect(claim["withheld"] as? Bool == false)
    let sections = try #require(object["sections"] as? [[String: Any]])
    #expect(
      sections.compactMap { $0["id"] as? String } == [
        "claim", "ceiling", "back-test", "ranking", "sharing", "throughput", "messages", "fixes",
        "break-even", "losses", "provenance", "trust",
      ])
    #expect(sections.allSatisfy { $0["answered"] as? Bool == true })
  }

  @Test("a number that JSON cannot say is an error, not a trap or a lie")
  func notFinite() {
    #expect(throws: WorkloadError.self) { try Report(Hostile.input()).json() }
  }
}
