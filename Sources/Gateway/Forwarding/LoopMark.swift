/// A part of this process's `User-Agent` that no other process has: a request that arrives with it has been forwarded in a loop.
package struct LoopMark: Sendable {
    package let text: String
    private let bytes: [UInt8]

    init() {
        text = String(UInt64.random(in: .min ... .max), radix: 36)
        bytes = Array(text.utf8)
    }

    /// Called for every request. The standard library's search for characters would cost 20 thousand instructions, an eighth of a request.
    func stands(in userAgent: String) -> Bool {
        var agent = userAgent
        return agent.withUTF8 { agent in
            guard agent.count >= bytes.count else { return false }
            return (0...agent.count - bytes.count).contains { agent[$0] == bytes[0] && agent[$0..<$0 + bytes.count].elementsEqual(bytes) }
        }
    }
}
