import Glibc

/// A slab cache as a probe reported it.
struct SlabCache: Sendable {
  /// Its name.
  let name: String
  /// Bytes from one object to the next, and bytes of a slab; 0 where the probe could not say.
  private let stride: UInt64
  private let slab: UInt64

  /// A cache; `geometry` has the stride in its lower half and the order of its slabs, pages as a
  /// power of two, in its upper.
  init(name: String, geometry: UInt64, pageSize: Int = sysconf(Int32(_SC_PAGESIZE))) {
    self.name = name
    let order = geometry >> 32
    stride = geometry & 0xffff_ffff
    slab = order < 16 && pageSize > 0 ? UInt64(pageSize) << order : 0
  }

  /// How far into its object an address is.
  ///
  /// Objects fill a slab from its start, and a slab of 2^order pages starts at a multiple of its size,
  /// as all that the page allocator gives. One taken at a smaller order, when memory was in pieces
  /// (`allocate_slab`, mm/slub.c), is read wrongly where the stride does not divide that.
  func offset(of address: UInt64) -> UInt64? {
    guard stride > 0, slab >= stride else { return nil }
    let offset = (address & (slab - 1)) % stride
    return offset < 1 << 16 ? offset : nil
  }
}
