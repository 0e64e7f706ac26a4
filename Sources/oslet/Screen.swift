#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The terminal as a page that is drawn again and again: keys come at once and are not echoed, and
/// what was there before is back when this value ends.
final class Screen {
  private var before = termios()

  /// Takes the terminal; nil where standard output or input is none.
  init?() {
    // SAFETY: each call gets a live structure of its own type.
    guard isatty(1) == 1, unsafe tcgetattr(0, &before) == 0 else { return nil }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    unsafe tcsetattr(0, TCSANOW, &raw)
    // The other page, without a cursor: xterm's control sequences (ctlseqs).
    writeOutput("\u{1B}[?1049h\u{1B}[?25l")
  }

  deinit {
    writeOutput("\u{1B}[?25h\u{1B}[?1049l")
    unsafe tcsetattr(0, TCSANOW, &before)
  }

  /// Lines and columns; 24 and 80 where the terminal does not say.
  var size: (rows: Int, columns: Int) {
    var window = winsize()
    guard unsafe ioctl(1, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 0, window.ws_col > 0
    else { return (24, 80) }
    return (Int(window.ws_row), Int(window.ws_col))
  }

  /// Draws the page anew, from the top, and clears what is left of the last one.
  static func show(_ text: String) {
    writeOutput("\u{1B}[H" + text.replacing("\n", with: "\u{1B}[K\r\n") + "\u{1B}[J")
  }
}
