/// The frames in bytes that a session has sent.
struct SentFrames {
    struct Frame: Equatable {
        let kind: UInt8
        let flags: UInt8
        let stream: UInt32
        let payload: [UInt8]
    }

    private(set) var all: [Frame] = []

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            let stream = head[5...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            all.append(Frame(kind: head[3], flags: head[4], stream: stream, payload: Array(rest.dropFirst(9).prefix(length))))
            rest = rest.dropFirst(9 + length)
        }
    }

    func of(_ kind: UInt8, stream: UInt32? = nil) -> [Frame] { all.filter { $0.kind == kind && (stream == nil || $0.stream == stream) } }
}
