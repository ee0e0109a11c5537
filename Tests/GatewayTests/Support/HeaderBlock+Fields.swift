@testable import Transport

extension HeaderBlock {
    /// A block of headers with these fields.
    init(_ fields: [(String, [UInt8])]) {
        self.init()
        for (name, value) in fields {
            (Array(name.utf8) + Array(": ".utf8) + value + Array("\r\n".utf8)).withUnsafeBytes { line in
                append(
                    name: UnsafeRawBufferPointer(rebasing: line.prefix(name.utf8.count)),
                    value: UnsafeRawBufferPointer(rebasing: line.dropFirst(name.utf8.count + 2).dropLast(2)), line: line
                )
            }
        }
    }

    init(text fields: [(String, String)]) {
        self.init(fields.map { ($0.0, Array($0.1.utf8)) })
    }
}
