import Testing
import TraceFormat

@testable import Recording

@Suite("Kernel symbols")
struct KernelSymbolsTests {
  static let table = """
    ffffffff81000000 T _stext
    ffffffff81000100 T do_one
    ffffffff81000200 t do_two
    ffffffff82000000 D table_of_ones
    ffffffffc0201000 t in_module\t[ext4]
    """

  @Test("an address is the symbol that starts at or before it, with a reach")
  func lookup() {
    let symbols = KernelSymbols(parsing: Array(Self.table.utf8))
    #expect(symbols.missing == nil)
    #expect(symbols.holdsData)
    #expect(symbols.symbol(at: 0xffff_ffff_8100_0000)?.name == "_stext")
    #expect(symbols.symbol(at: 0xffff_ffff_8100_01ff)?.name == "do_one")
    #expect(symbols.symbol(at: 0xffff_ffff_8100_01ff)?.size == 0x100)
    #expect(symbols.symbol(at: 0xffff_ffff_8200_0010)?.type == UInt8(ascii: "D"))
    #expect(symbols.symbol(at: 0xffff_ffff_c020_1004)?.name == "in_module [ext4]")
    #expect(symbols.symbol(at: 0xffff_ffff_8102_0200) == nil)
    #expect(symbols.symbol(at: 0xffff_8880_0000_0000) == nil)
    #expect(symbols.range(named: "do_one") == 0xffff_ffff_8100_0100..<0xffff_ffff_8100_0200)
    #expect(symbols.range(named: "do") == nil)
  }

  @Test("section markers do not own the data of their section")
  func markers() {
    var text = (0..<100).map { "ffffffff8100\(String($0 + 4096, radix: 16)) T f\($0)" }
    text.append("ffffffff83000000 D __start_init_stack")
    let symbols = KernelSymbols(parsing: Array(text.joined(separator: "\n").utf8))
    #expect(!symbols.holdsData)
    #expect(symbols.symbol(at: 0xffff_ffff_8300_0010) == nil)
  }

  @Test("hidden addresses are no symbols")
  func hidden() {
    let text = "0000000000000000 T _stext\n0000000000000000 T do_one\n"
    let symbols = KernelSymbols(parsing: Array(text.utf8))
    #expect(symbols.missing?.contains("kptr_restrict") == true)
    #expect(symbols.symbol(at: 0) == nil)
  }

  @Test("the image ends where the physical ranges say")
  func image() {
    let memory = """
      00100000-7fffffff : System RAM
        01000000-0220bb07 : Kernel code
        02400000-02e09fff : Kernel rodata
        03b34000-03c57fff : Kernel bss
      """
    let symbols = KernelSymbols(parsing: Array(Self.table.utf8))
    #expect(symbols.image(physical: memory) == 0xffff_ffff_8100_0000..<0xffff_ffff_83c5_8000)
    #expect(symbols.image(physical: "00000000-00000000 : Kernel code\n") == nil)
  }

  @Test("damaged lines are passed over")
  func damage() {
    let text = "\n \nzz T x\nffffffff81000000\nffffffff81000000 T\nffffffff81000010 T ok\n"
    let symbols = KernelSymbols(parsing: Array(text.utf8))
    #expect(symbols.symbol(at: 0xffff_ffff_8100_0010)?.name == "ok")
  }
}
