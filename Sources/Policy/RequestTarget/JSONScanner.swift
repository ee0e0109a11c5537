/// Scans JSON text once, without building values.
///
/// Invariant: between two steps `index` is after the last accepted byte, and `nesting` alone determines what may come next.
struct JSONScanner {
    private(set) var enterpriseProjects: [String] = []
    var index = 0
    private var nesting = JSONNesting()

    /// What the value after a key must be.
    private enum Awaited { case anything, enterpriseProject }

    mutating func scan(_ json: Span<UInt8>) throws(JSONFault) {
        if json.count >= 3, json[0] == 0xEF, json[1] == 0xBB, json[2] == 0xBF { throw .byteOrderMark }
        skipSpace(json)
        guard index < json.count else { throw .empty }
        var needsValue = true
        var awaited = Awaited.anything
        repeat {
            if needsValue {
                let wasOpened = try scanValue(json, awaited: awaited)
                awaited = .anything
                needsValue = false
                if wasOpened {
                    (needsValue, awaited) = try enter(json)
                }
            } else {
                (needsValue, awaited) = try leaveOrContinue(json)
            }
            skipSpace(json)
        } while needsValue || nesting.depth > 0
        guard index == json.count else { throw .trailingBytes(at: index) }
    }

    /// Called after `[` or `{`: closes an empty container at once.
    private mutating func enter(_ json: Span<UInt8>) throws(JSONFault) -> (Bool, Awaited) {
        skipSpace(json)
        let close = nesting.isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        if try peek(json) == close {
            index += 1
            nesting.close()
            return (false, .anything)
        }
        return (true, nesting.isInObject ? try scanKey(json) : .anything)
    }

    /// Called after a value in an object or array: reads a comma and the next member, or the end.
    private mutating func leaveOrContinue(_ json: Span<UInt8>) throws(JSONFault) -> (Bool, Awaited) {
        let byte = try peek(json)
        if byte == UInt8(ascii: ",") {
            index += 1
            skipSpace(json)
            return (true, nesting.isInObject ? try scanKey(json) : .anything)
        }
        guard byte == (nesting.isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw .unexpectedByte(byte, at: index) }
        index += 1
        nesting.close()
        return (false, .anything)
    }

    private mutating func scanKey(_ json: Span<UInt8>) throws(JSONFault) -> Awaited {
        let byte = try peek(json)
        guard byte == UInt8(ascii: "\"") else { throw .unexpectedByte(byte, at: index) }
        let text = try ScannedString(in: json, at: index)
        index = text.end
        skipSpace(json)
        let colon = try peek(json)
        guard colon == UInt8(ascii: ":") else { throw .unexpectedByte(colon, at: index) }
        index += 1
        guard text.mayHold(count: EnterpriseProjectParameter.foldedNameBytes) else { return .anything }
        return try judgeKey(text.decoded(in: json))
    }

    private mutating func judgeKey(_ key: [UInt8]) throws(JSONFault) -> Awaited {
        if key == EnterpriseProjectParameter.nameBytes {
            try nesting.noteEnterpriseProject()
            return .enterpriseProject
        }
        guard !FoldedName(key).contains(EnterpriseProjectParameter.foldedName) else { throw .enterpriseProject(.lookAlikeName) }
        return .anything
    }

    /// Scans a scalar whole, or just the opening bracket; returns whether it was a bracket.
    private mutating func scanValue(_ json: Span<UInt8>, awaited: Awaited) throws(JSONFault) -> Bool {
        skipSpace(json)
        let byte = try peek(json)
        if case .enterpriseProject = awaited, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "n") {
            throw .enterpriseProject(.notAString)
        }
        switch byte {
        case UInt8(ascii: "\""):
            let text = try ScannedString(in: json, at: index)
            index = text.end
            if case .enterpriseProject = awaited { try collect(text.decoded(in: json)) }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try nesting.open(object: byte == UInt8(ascii: "{"))
            index += 1
            return true
        case UInt8(ascii: "t"): try scanLiteral("true", json)
        case UInt8(ascii: "f"): try scanLiteral("false", json)
        case UInt8(ascii: "n"): try scanLiteral("null", json)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber(json)
        default: throw .unexpectedByte(byte, at: index)
        }
        return false
    }

    private mutating func collect(_ value: [UInt8]) throws(JSONFault) {
        do throws(EnterpriseProjectFault) {
            try EnterpriseProjectParameter.check(value)
        } catch {
            throw .enterpriseProject(error)
        }
        guard enterpriseProjects.count < EnterpriseProjectScan.maximumValues else {
            throw .enterpriseProject(.tooMany(limit: EnterpriseProjectScan.maximumValues))
        }
        enterpriseProjects.append(String(decoding: value, as: UTF8.self))
    }
}
