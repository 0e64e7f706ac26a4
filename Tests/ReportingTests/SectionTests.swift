import Analysis
import Measures
import Testing
import Workloads

@testable import Reporting

@Suite("Sections")
struct SectionTests {
  @Test("a report of nothing has all twelve sections, each with what is missing and a command")
  func nothing() {
    let document = Report(ReportInput(title: "nothing")).document
    #expect(document.sections.count == 12)
    for section in document.sections {
      let notes = section.blocks.compactMap { block -> Note? in
        if case .note(let note) = block { note } else { nil }
      }
      #expect(
        notes.contains { $0.kind == .missing && $0.command?.hasPrefix("oslet ") == true },
        "\(section.id)")
    }
  }

  @Test("rings for every pair: 65,280 at 256 OSlets, 4,080 in two levels of 16")
  func pairs() throws {
    var input = Sample.input()
    input.layouts = [Sample.layout("256x4", oslets: 256)]
    let table = try #require(
      Section.messages(input).blocks.compactMap { block -> Table? in
        if case .table(let table) = block, table.caption.words.contains("Rings") {
          table
        } else {
          nil
        }
      }.first)
    // P. McKenney's minutes of 2001: N(N-1), 65280 at 256; 64 KiB each are 4.0 GiB = 4.28 GB.
    #expect(
      table.rows[0].cells == ["256x4", "256", "65.3 k", "4.28 GB", "16 x 16", "4,080", "267 MB"])
  }

  @Test("break-even by arithmetic: saved CPU time an operation over the price of a message")
  func breakEven() throws {
    var input = Sample.input()
    // One image does 1 M/s on 64 CPUs, the layout 2 M/s: 64 us less 32 us are saved an operation.
    func point(_ layout: String, _ rate: Double) -> PredictionPoint {
      var point = Sample.point(layout, 64, images: 1)
      point.throughputPerSecond = Interval(exactly: rate)
      point.messagesPerSecond = layout == "4x" ? 1e6 : 0
      return point
    }
    input.prediction?.points = [point("one", 1e6), point("4x", 2e6)]
    let section = Section.breakEven(input, Claim(input))
    guard case .table(let table) = section.blocks[0] else {
      Issue.record("no table")
      return
    }
    // 32 us / 180 ns, 32 us / 1.7 us, 32 us over half a message an operation.
    #expect(table.rows[0].cells == ["4x", "32.0 us", "0.500", "178", "18.8", "+64.0 us"])
  }

  @Test("a layout that loses is marked at every size at which it does")
  func losses() throws {
    var input = Sample.input()
    for index in 7..<10 {
      input.prediction?.points[index].throughputPerSecond = Interval(exactly: 1000)
    }
    let section = Section.losses(input)
    let table = try #require(
      section.blocks.compactMap { if case .table(let table) = $0 { table } else { nil } }.first)
    #expect(table.rows[0].cells.last == "1, 2, 4")
    #expect(table.rows[0].cells[1] == "0.0100x*")
    #expect(table.rows[1].cells.last == "none")
  }

  @Test("engines that disagree beyond the back-test's threshold are a warning")
  func crossCheck() throws {
    var input = Sample.input()
    input.crossCheck = input.prediction
    input.crossCheck?.engine = "model"
    func check() -> Block? {
      Section.provenance(input).blocks.first { block in
        switch block {
        case .paragraph(let text): text.words.hasPrefix("The engines")
        case .note(let note): note.text.words.hasPrefix("The engines")
        default: false
        }
      }
    }
    guard case .paragraph(let agreeing)? = check() else {
      Issue.record("no paragraph")
      return
    }
    #expect(agreeing.words.contains("differ by 0 % in the median over 28 points"))
    for index in input.prediction?.points.indices ?? 0..<0 {
      let rate = input.prediction?.points[index].throughputPerSecond
      input.crossCheck?.points[index].throughputPerSecond =
        rate?.scaled(by: 1.5) ?? Interval(exactly: 0)
    }
    guard case .note(let note)? = check() else {
      Issue.record("no warning")
      return
    }
    #expect(note.kind == .warning && note.text.words.contains("50.0 % in the median"))
  }

  @Test("the ceiling of the synthetic recording is what its events add up to")
  func ceiling() throws {
    let findings = SampleTrace.findings()
    let text = TextRenderer().text(of: Report(Sample.input()).document)
    let share = findings.ceiling
    let total =
      share.lockWaitShare + share.untracedLockWaitShare + share.lineTransferShare + share.ipiShare
      + share.untracedShare
    #expect(total > 0.1 && total < 1)
    #expect(text.contains(NumberText.percent(total)))
    #expect(text.contains("vfs_rename"))
    #expect(text.contains("rename_lock [spinlock]"))
  }
}
