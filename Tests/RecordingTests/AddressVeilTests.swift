import Testing

@testable import Recording

@Suite("Hidden addresses")
struct AddressVeilTests {
  @Test("SipHash-2-4 as in the paper's reference code, eight bytes of input")
  func reference() {
    // Key 00 01 ... 0f, input 00 01 ... 07: the ninth of the vectors in siphash.c by the authors.
    let veil = AddressVeil(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
    #expect(veil.hash(0x0706_0504_0302_0100) == 0x93f5_f579_9a93_2462)
  }

  @Test("an address has one value, its neighbours in the page stay its neighbours, 0 stays 0")
  func identity() {
    var veil = AddressVeil()
    let lock: UInt64 = 0xffff_8881_0023_4568
    let value = veil.hide(lock)
    #expect(veil.hide(lock) == value)
    #expect(veil.hide(lock + 8) == value + 8)
    #expect(value & 0xfff == lock & 0xfff)
    #expect(value >> 47 == 0xffff_0000_0000_0000 >> 47)
    #expect(veil.known(lock) == value)
    #expect(veil.known(0) == 0)
    #expect(veil.hide(0) == 0)
    #expect(veil.hide(lock + 4096) != value + 4096)
  }

  @Test("what lies in a symbol lies in it afterwards, over the end of a page as well")
  func symbols() {
    var veil = AddressVeil()
    let start: UInt64 = 0xffff_ffff_8112_3ff0
    let hidden = veil.hide(start, inSymbolAt: start)
    #expect(veil.hide(start + 0x40, inSymbolAt: start) == hidden + 0x40)
  }

  @Test("another recording hides otherwise")
  func salt() {
    var (one, other) = (AddressVeil(), AddressVeil())
    #expect(one.hide(0xffff_8881_0000_0000) != other.hide(0xffff_8881_0000_0000))
  }
}
