import Codecs

/// Removes every member with one name from a JSON text, at any depth, and keeps all other bytes.
///
/// It does not validate the text: what is not JSON is returned unchanged, except that anything that looks like such a member is still removed.
struct MemberRemoval {
    private let name: String
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var position = 0
    /// For each open container whether it is an object. One byte of input opens at most one, so the input bounds it.
    private var containers: [Bool] = []
    /// Whether the next string is a member's name.
    private var expectsName = false
    private(set) var removed = 0

    init(of name: String) {
        self.name = name
    }

    mutating func apply(to text: [UInt8]) -> [UInt8] {
        input = text
        output.reserveCapacity(text.count)
        while position < input.count { step() }
        return output
    }

    private mutating func step() {
        let byte = input[position]
        switch byte {
        case UInt8(ascii: "\""):
            string()
            return
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            containers.append(byte == UInt8(ascii: "{"))
            expectsName = byte == UInt8(ascii: "{")
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            _ = containers.popLast()
            expectsName = false
        case UInt8(ascii: ","):
            expectsName = containers.last == true
        default:
            break
        }
        output.append(byte)
        position += 1
    }

    private mutating func string() {
        let start = position
        let end = endOfString(from: start)
        let isName = expectsName
        expectsName = false
        if isName, isMeant(input[start..<end]), let valueEnd = endOfMember(afterName: end) {
            removed += 1
            position = valueEnd
            dropComma()
        } else {
            output.append(contentsOf: input[start..<end])
            position = end
        }
    }

    /// The comma after the removed member is removed with it; for the last member, the comma before it.
    private mutating func dropComma() {
        let next = indexOfText(from: position)
        if next < input.count, input[next] == UInt8(ascii: ",") {
            position = next + 1
            expectsName = true
        } else if let last = output.lastIndex(where: { !Self.isBlank($0) }), output[last] == UInt8(ascii: ",") {
            output.removeSubrange(last...)
        }
    }

    /// Index after the closing quote, or the end of the input.
    private func endOfString(from start: Int) -> Int {
        var index = start + 1
        while index < input.count, input[index] != UInt8(ascii: "\"") { index += input[index] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(index + 1, input.count)
    }

    /// Index after the value of a member whose name ends at `end`; nil when no colon follows.
    private func endOfMember(afterName end: Int) -> Int? {
        var index = indexOfText(from: end)
        guard index < input.count, input[index] == UInt8(ascii: ":") else { return nil }
        index = indexOfText(from: index + 1)
        var depth = 0
        while index < input.count {
            switch input[index] {
            case UInt8(ascii: "\""):
                index = endOfString(from: index)
                if depth == 0 { return index }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return index }
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: ",") where depth == 0:
                return index
            default:
                break
            }
            index += 1
        }
        return index
    }

    private func indexOfText(from start: Int) -> Int {
        var index = start
        while index < input.count, Self.isBlank(input[index]) { index += 1 }
        return index
    }

    /// Whether a name in its quotation marks is the name, by the reading that everything else has of JSON; the last of them may be missing.
    private func isMeant(_ quoted: ArraySlice<UInt8>) -> Bool {
        quoted.count >= name.utf8.count + 2 && JSONString.decode(quoted.dropFirst().dropLast()) == name
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
