/// A JSON answer (RFC 8259) of an identity service. What is secret in it goes from its bytes into a `Secret` without becoming a text.
struct IAMDocument {
    /// One value. Texts are where they stand in the bytes, between their quotes.
    indirect enum Node {
        case object([(name: Range<Int>, value: Node)])
        case array([Node])
        case text(Range<Int>)
        case integer(Int)
        case other
    }

    private let body: Secret
    private let root: Node

    /// Nil when the bytes are no JSON.
    init?(_ body: Secret) {
        let root = body.withBytes { bytes -> Node? in
            var reader = IAMDocumentReader(bytes)
            return reader.document()
        }
        guard let root else { return nil }
        self.body = body
        self.root = root
    }

    private init(_ body: Secret, _ root: Node) {
        self.body = body
        self.root = root
    }

    /// The text at a path of names, or a number's digits.
    func text(_ path: String...) -> String? {
        switch node(path) {
        case .text(let range): bytes(range).map { String(decoding: $0, as: UTF8.self) }
        case .integer(let number): String(number)
        case .object, .array, .other, nil: nil
        }
    }

    /// The text at a path of names, as a secret that has the form; nil when it hasn't.
    func secret(_ path: String..., as format: SecretFormat) -> Secret? {
        guard case .text(let range) = node(path), var bytes = bytes(range) else { return nil }
        return bytes.withUnsafeMutableBytes { buffer in
            defer { SecretMemory.erase(buffer) }
            let secret = Secret(copying: UnsafeRawBufferPointer(buffer))
            return secret.withBytes { format.fault(in: $0) } == nil ? secret : nil
        }
    }

    /// The elements of the list at a path of names.
    func elements(_ path: String...) -> [IAMDocument]? {
        guard case .array(let nodes) = node(path) else { return nil }
        return nodes.map { IAMDocument(body, $0) }
    }

    private func node(_ path: [String]) -> Node? {
        var node = root
        for name in path {
            guard case .object(let members) = node, let member = members.last(where: { isNamed(name, $0.name) }) else { return nil }
            node = member.value
        }
        return node
    }

    private func isNamed(_ name: String, _ range: Range<Int>) -> Bool {
        body.withBytes { $0[range].elementsEqual(name.utf8) }
    }

    /// A text without its escapes.
    private func bytes(_ range: Range<Int>) -> [UInt8]? {
        body.withBytes { IAMDocumentReader.unescaped(UnsafeBufferPointer(rebasing: $0[range])) }
    }
}
