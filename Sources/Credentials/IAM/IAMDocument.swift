import Codecs

/// A JSON answer (RFC 8259) of an identity service. Secrets are copied from its bytes into a `Secret` without an intermediate `String`.
struct IAMDocument {
    private let body: Secret
    /// The part of the body that this document is.
    private let value: JSONCursor.Value

    /// Nil when the bytes are no JSON.
    init?(_ body: Secret) {
        guard let value = body.withBytes({ JSONCursor.whole(UnsafeRawBufferPointer($0)) }) else { return nil }
        self.init(body, value)
    }

    private init(_ body: Secret, _ value: JSONCursor.Value) {
        self.body = body
        self.value = value
    }

    /// The text at a path of names, or a whole number's digits.
    func text(_ path: String...) -> String? {
        guard let found = find(path) else { return nil }
        if found.isText { return unescaped(found).map { String(decoding: $0, as: UTF8.self) } }
        return body.withBytes { Int(String(decoding: $0[found.range], as: UTF8.self)).map(String.init) }
    }

    /// The text at a path of names, as a secret of the required form; nil if it doesn't have that form.
    func secret(_ path: String..., as format: SecretFormat) -> Secret? {
        guard let found = find(path), found.isText, var bytes = unescaped(found) else { return nil }
        return bytes.withUnsafeMutableBytes { buffer in
            defer { SecretMemory.erase(buffer) }
            let secret = Secret(copying: UnsafeRawBufferPointer(buffer))
            return secret.withBytes { format.fault(in: $0) } == nil ? secret : nil
        }
    }

    /// The elements of the list at a path of names.
    func elements(_ path: String...) -> [IAMDocument]? {
        guard let list = find(path) else { return nil }
        return body.withBytes { bytes in
            guard !list.isText, bytes[list.range].first == UInt8(ascii: "[") else { return nil }
            var elements: [IAMDocument] = []
            JSONCursor.visit(list, in: UnsafeRawBufferPointer(bytes)) { _, element in elements.append(IAMDocument(body, element)) }
            return elements
        }
    }

    /// The value at a path of names; if a name occurs twice, the last value.
    private func find(_ path: [String]) -> JSONCursor.Value? {
        body.withBytes { bytes in
            var value = value
            for name in path {
                var found: JSONCursor.Value?
                JSONCursor.visit(value, in: UnsafeRawBufferPointer(bytes)) { key, member in
                    if let key, bytes[key].elementsEqual(name.utf8) { found = member }
                }
                guard let found else { return nil }
                value = found
            }
            return value
        }
    }

    /// The decoded bytes of a text; nil if one of its escapes is invalid.
    private func unescaped(_ text: JSONCursor.Value) -> [UInt8]? {
        body.withBytes { JSONString.unescaped(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer($0)[text.range])) }
    }
}
