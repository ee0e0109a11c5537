/// How ids of tasks and files are spelled.
enum Spelling {
    /// Whether an id is of letters, digits and the punctuation that occurs in ids.
    static func isPlain(_ id: String) -> Bool {
        id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default:
                false
            }
        }
    }

    /// Letters in lower case and digits, without leading zeros: equal for all spellings of an id.
    static func folded(_ id: String) -> String {
        var bytes: [UInt8] = []
        forEachFolded(id) { bytes.append($0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Passes on the bytes of the folded form.
    static func forEachFolded(_ id: String, _ body: (UInt8) -> Void) {
        var hasBegun = false
        for byte in id.utf8 {
            switch byte {
            case UInt8(ascii: "0") where !hasBegun: continue
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): body(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): body(byte | 0x20)
            default: continue
            }
            hasBegun = true
        }
    }
}
