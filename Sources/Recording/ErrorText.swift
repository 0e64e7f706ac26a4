import Glibc

/// The system's words for an error number.
func errorText(_ number: Int32) -> String {
  // SAFETY: strerror_l returns a string that lives as long as its locale, here the process.
  guard let text = unsafe strerror(number) else { return "error \(number)" }
  return unsafe String(cString: text)
}
