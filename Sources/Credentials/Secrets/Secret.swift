/// Bytes that must never be displayed: a secret key, a token, a password.
///
/// Invariants:
/// 1. The bytes live in memory of their own and are overwritten when the last reference is released. (What the cryptographic library derives from
///    them, and what libcurl copies into its header list, can't be overwritten here.)
/// 2. Nothing outside this module reads them: descriptions, mirrors and interpolations say `<secret>`.
/// 3. Two secrets are compared in constant time, by a named method; there is no `==`.
///
/// It is `@unchecked Sendable` because the memory is written only in initializers, before any other reference exists, and in `deinit`, when no
/// reference exists any more.
package final class Secret: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer

    /// Copies the bytes; the caller has to overwrite its own copy.
    package init(copying bytes: UnsafeRawBufferPointer) {
        memory = .allocate(byteCount: bytes.count, alignment: 1)
        memory.copyMemory(from: bytes)
    }

    /// Copies the bytes and overwrites the source.
    package convenience init(taking bytes: inout [UInt8]) {
        self.init(moving: &bytes)
        bytes = []
    }

    private init(moving bytes: inout [UInt8]) {
        memory = bytes.withUnsafeMutableBytes { source in
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 1)
            memory.copyMemory(from: UnsafeRawBufferPointer(source))
            SecretMemory.erase(source)
            return memory
        }
    }

    /// Copies a text's UTF-8.
    package convenience init(_ text: String) {
        var text = text
        self.init(utf8Of: &text)
    }

    private init(utf8Of text: inout String) {
        memory = text.withUTF8 { utf8 in
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: utf8.count, alignment: 1)
            memory.copyMemory(from: UnsafeRawBufferPointer(utf8))
            return memory
        }
    }

    deinit {
        SecretMemory.erase(memory)
        memory.deallocate()
    }

    /// How many bytes there are.
    package var count: Int { memory.count }

    /// Whether both hold the same bytes. The time depends only on the lengths.
    package func isEqual(to other: Secret) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<count {
            difference |= memory[index] ^ other.memory[index]
        }
        return difference == 0
    }

    /// Calls `body` with the bytes, inside this module only.
    func withBytes<Result, Failure: Error>(_ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(UnsafeBufferPointer(memory.bindMemory(to: UInt8.self)))
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}

extension Secret {
    /// Appends the field that carries the secret as a bearer token (RFC 6750 section 2.1), for a port of the gateway's own.
    package func appendAuthorization(to head: inout [UInt8]) {
        head += Array("Authorization: Bearer ".utf8)
        withBytes { head += $0 }
        head += Array("\r\n".utf8)
    }
}

extension Secret {
    /// Reads a secret that is not part of a credential, such as the admin port's token.
    package static func read(_ source: SecretSource, as format: SecretFormat = .headerText) throws(SecretFault) -> Secret {
        try SecretReader.read(source, as: format)
    }
}
