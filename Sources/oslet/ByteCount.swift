import ArgumentParser

/// A number of bytes as the command line spells it: `65536`, `64K`, `8M`.
struct ByteCount: ExpressibleByArgument, Equatable {
  let bytes: Int

  init?(argument: String) {
    let units: [Character: Int] = ["K": 1 << 10, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = argument.last.flatMap { units[$0] }
    guard let number = Int(unit == nil ? argument : String(argument.dropLast())), number > 0,
      number <= (1 << 40) / (unit ?? 1)
    else { return nil }
    bytes = number * (unit ?? 1)
  }
}
