import Codecs

/// The strings and whole numbers among the members of one JSON object, nested values skipped. It reads leniently what HSS
/// answered: anything unexpected just ends the reading.
struct JSONMembers {
    private enum Value {
        case string(String)
        case integer(Int64)
    }

    /// In their order; there are few, and a linear search is cheaper than a dictionary.
    private var members: [(name: String, value: Value)] = []
    /// Longest text that is extracted, bytes: identifiers and codes are short.
    private static let maximumText = 256

    init(_ bytes: some Sequence<UInt8>) {
        Array(bytes).withUnsafeBytes { buffer in
            var cursor = JSONCursor(buffer)
            guard cursor.skip(UInt8(ascii: "{")) else { return }
            repeat {
                guard let name = cursor.string(), cursor.skip(UInt8(ascii: ":")), let value = cursor.value() else { return }
                if value.isText {
                    // An escaped text is longer than its decoded form.
                    guard value.range.count <= 6 * Self.maximumText else { continue }
                    let text = JSONString.decode(buffer[value.range])
                    if text.utf8.count <= Self.maximumText { members.append((JSONString.decode(buffer[name]), .string(text))) }
                } else if let number = Int64(String(decoding: buffer[value.range.prefix(20)], as: UTF8.self)), value.range.count <= 20 {
                    members.append((JSONString.decode(buffer[name]), .integer(number)))
                }
            } while cursor.skip(UInt8(ascii: ","))
        }
    }

    func string(_ name: String) -> String? {
        if case .string(let text) = value(of: name) { text } else { nil }
    }

    func integer(_ name: String) -> Int64? {
        if case .integer(let number) = value(of: name) { number } else { nil }
    }

    /// If a name occurs twice, the last value.
    private func value(of name: String) -> Value? { members.last { $0.name == name }?.value }
}
