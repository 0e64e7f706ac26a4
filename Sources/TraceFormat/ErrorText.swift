#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The system's words for an error number.
public func errorText(_ number: Int32) -> String {
  // SAFETY: strerror returns a string that lives until the next call on this thread (glibc 2.32,
  // strerror(3)), and it is copied here.
  unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
}
