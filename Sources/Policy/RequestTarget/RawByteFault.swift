/// Describes a byte that is not allowed unescaped in a target.
enum RawByteFault {
    static func inPath(_ byte: UInt8, at index: Int) -> RequestTargetError {
        byte == UInt8(ascii: ";") ? .pathParameter(at: index) : anywhere(byte, at: index)
    }

    static func inQuery(_ byte: UInt8, at index: Int) -> RequestTargetError {
        switch byte {
        case UInt8(ascii: ";"), UInt8(ascii: "?"): .ambiguousSeparator(at: index)
        default: anywhere(byte, at: index)
        }
    }

    private static func anywhere(_ byte: UInt8, at index: Int) -> RequestTargetError {
        switch byte {
        case 0x00...0x1F, 0x7F: .controlCharacter(at: index)
        case UInt8(ascii: "\\"): .backslash(at: index)
        case UInt8(ascii: "#"): .fragment(at: index)
        default: .forbiddenByte(byte, at: index)
        }
    }
}
