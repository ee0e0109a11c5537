@testable import Transport

extension HeaderBlock {
    /// A block as if these fields had arrived.
    init(_ fields: [(String, [UInt8])]) {
        self.init()
        for (name, value) in fields {
            let start = UInt32(bytes.count)
            bytes += Array(name.utf8)
            let middle = UInt32(bytes.count)
            bytes += value
            entries.append(Entry(nameStart: start, nameEnd: middle, valueStart: middle, valueEnd: UInt32(bytes.count)))
        }
    }

    init(text fields: [(String, String)]) {
        self.init(fields.map { ($0.0, Array($0.1.utf8)) })
    }
}
