/// The gateway's section of the SDKs' profile file, read like the Python SDK.
struct Profile {
    /// The names of the section, which depend on how an SDK was set up (protocol page b.5). The first one that exists is used.
    static let sections = ["basic", "basiccredentials", "basic.credentials"]

    private let path: String
    private let values: [String: ProfileValue]

    /// An unreadable profile is a fault and not the same as an absent one, because no other identity may be used in its place.
    init(path: String) throws(IAMFault) {
        self.path = path
        let content: Secret
        do throws(SecretFault) {
            content = try SecretReader.readWhole(path)
            if let reason = content.withBytes({ SecretFormat.encodingFault(in: $0) }) {
                throw SecretFault(origin: .file(path: path), reason: reason)
            }
        } catch {
            throw IAMFault(.iam, .secret(error))
        }
        do throws(ProfileParser.Fault) {
            values = try content.withBytes { bytes throws(ProfileParser.Fault) in try ProfileParser.section(of: Self.sections, in: bytes) }
        } catch {
            throw IAMFault(.iam, .incomplete("The profile file \(path) can't be used: \(error.sentence)"))
        }
    }

    /// A value; nil if it is absent or empty.
    func secret(_ name: String, as format: SecretFormat) throws(IAMFault) -> Secret? {
        guard let value = values[name], value.text.count > 0 else { return nil }
        if let reason = value.text.withBytes({ format.fault(in: $0) }) {
            throw IAMFault(.iam, .secret(SecretFault(origin: .file(path: path), reason: reason.moved(by: value.offset))))
        }
        return value.text
    }

    /// The same for a value that is not secret.
    func text(_ name: String, as format: SecretFormat = .text) throws(IAMFault) -> String? {
        try secret(name, as: format).map { $0.withBytes { String(decoding: $0, as: UTF8.self) } }
    }
}

/// A value of a profile and its byte offset in the file.
struct ProfileValue {
    let text: Secret
    let offset: Int
}

/// Reads INI as Python's `configparser` does with its defaults, because profile files are written for it: sections in brackets with anything after
/// them, `name = value` or `name: value`, continuation lines with deeper indentation, comments on lines of their own, `[DEFAULT]`, `%(name)s` and
/// `%%`. What `configparser` refuses is refused here too.
struct ProfileParser {
    /// What is wrong; lines count from 1.
    enum Fault: Error, Equatable {
        case valueWithoutSection(line: Int)
        case noValue(line: Int)
        case duplicateSection(line: Int)
        case duplicateName(line: Int)
        case interpolation(name: String)
        case noSection

        var sentence: String {
            switch self {
            case .valueWithoutSection(let line): "line \(line) stands before any [section]."
            case .noValue(let line): "line \(line) is neither a [section] nor `name = value`."
            case .duplicateSection(let line): "line \(line) begins a section that has been there before."
            case .duplicateName(let line): "line \(line) sets a name that its section has already."
            case .interpolation(let name): "a % in `\(name)` is not followed by (name)s or another %; write %% for one."
            case .noSection: "it has no section [\(Profile.sections[0])]."
            }
        }
    }

    typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    /// How deep values may refer to other values by name, as in `configparser`.
    private static let deepestInterpolation = 10
    /// The section whose values apply to all sections.
    private static let defaults = "DEFAULT"

    private var sections: [String: [String: [Bytes]]] = [defaults: [:]]
    private var section: String?
    private var name: String?
    private var indentation = 0
    private var firstFault: Fault?

    /// The values of the first of these sections that exists, by name in lower case.
    static func section(of names: [String], in bytes: UnsafeBufferPointer<UInt8>) throws(Fault) -> [String: ProfileValue] {
        var parser = ProfileParser()
        var rest = bytes[...]
        var line = 0
        while !rest.isEmpty {
            let end = rest.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? rest.endIndex
            line += 1
            try parser.read(rest[..<end], line)
            var next = end
            if next < rest.endIndex { next += 1 }
            if end < rest.endIndex, rest[end] == UInt8(ascii: "\r"), next < rest.endIndex, rest[next] == UInt8(ascii: "\n") { next += 1 }
            rest = rest[next...]
        }
        if let fault = parser.firstFault { throw fault }
        return try parser.values(of: names, start: bytes.startIndex)
    }

    private mutating func read(_ line: Bytes, _ number: Int) throws(Fault) {
        let text = Blanks.trimmed(line)
        if text.first == UInt8(ascii: "#") || text.first == UInt8(ascii: ";") { return }
        let depth = Blanks.leading(line)
        if let section, let name, text.isEmpty || depth > indentation {
            sections[section]?[name]?.append(text)
            return
        }
        guard !text.isEmpty else { return }
        indentation = depth
        if text.first == UInt8(ascii: "["), let end = text.lastIndex(of: UInt8(ascii: "]")), end > text.startIndex + 1 {
            try begin(String(decoding: text[(text.startIndex + 1)..<end], as: UTF8.self), number)
        } else {
            try set(text, number)
        }
    }

    private mutating func begin(_ section: String, _ number: Int) throws(Fault) {
        if section != Self.defaults {
            guard sections[section] == nil else { throw .duplicateSection(line: number) }
            sections[section] = [:]
        }
        (self.section, name) = (section, nil)
    }

    private mutating func set(_ text: Bytes, _ number: Int) throws(Fault) {
        guard let section else { throw .valueWithoutSection(line: number) }
        guard let separator = text.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }), separator > text.startIndex else {
            // Like the SDK, reading continues: a fault that ends it is reported first.
            firstFault = firstFault ?? .noValue(line: number)
            return
        }
        let name = String(decoding: Blanks.trimmed(text[..<separator]), as: UTF8.self).lowercased()
        guard sections[section]?[name] == nil else { throw .duplicateName(line: number) }
        sections[section]?[name] = [Blanks.trimmed(text[(separator + 1)...])]
        self.name = name
    }

    private func values(of names: [String], start: Int) throws(Fault) -> [String: ProfileValue] {
        // If the exact name doesn't exist, a name that differs only in case is used.
        let there = sections.keys.filter { $0 != Self.defaults }.sorted()
        let name = names.lazy.compactMap { name in there.first { $0 == name } ?? there.first { $0.lowercased() == name } }.first
        guard let name, let own = sections[name] else { throw .noSection }
        let all = own.merging(sections[Self.defaults] ?? [:]) { own, _ in own }
        var values: [String: ProfileValue] = [:]
        for (name, lines) in all {
            var text: [UInt8] = []
            // Reserves all memory at once, because growing would leave copies of secrets in memory.
            text.reserveCapacity(SecretReader.maximumBytes)
            try append(lines, of: name, among: all, to: &text, depth: 1)
            values[name] = ProfileValue(text: Secret(taking: &text), offset: (lines.first?.startIndex ?? start) - start)
        }
        return values
    }

    /// Appends a value's lines, with references replaced by the values that they name.
    private func append(_ lines: [Bytes], of name: String, among all: [String: [Bytes]], to text: inout [UInt8], depth: Int) throws(Fault) {
        let used = lines.prefix((lines.lastIndex { !$0.isEmpty } ?? -1) + 1)
        for (index, line) in used.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "\n")) }
            var rest = line
            while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
                text.append(contentsOf: rest[..<percent])
                rest = rest[(percent + 1)...]
                if rest.first == UInt8(ascii: "%") {
                    text.append(UInt8(ascii: "%"))
                    rest = rest.dropFirst()
                    continue
                }
                guard rest.first == UInt8(ascii: "("), let end = rest.firstIndex(of: UInt8(ascii: ")")), end + 1 < rest.endIndex,
                    rest[end + 1] == UInt8(ascii: "s"), end > rest.startIndex + 1, depth < Self.deepestInterpolation,
                    let named = all[String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self).lowercased()],
                    text.count <= SecretReader.maximumBytes
                else { throw .interpolation(name: name) }
                try append(named, of: name, among: all, to: &text, depth: depth + 1)
                rest = rest[(end + 2)...]
            }
            text.append(contentsOf: rest)
        }
    }
}

/// White space as defined by Python's `str.strip` and `\s`: Unicode's, and the separators U+001C to U+001F.
private enum Blanks {
    static func trimmed(_ text: ProfileParser.Bytes) -> ProfileParser.Bytes {
        var text = text
        while let count = first(text) { text = text.dropFirst(count) }
        while let count = last(text) { text = text.dropLast(count) }
        return text
    }

    /// Number of leading blanks, in characters.
    static func leading(_ text: ProfileParser.Bytes) -> Int {
        var (text, count) = (text, 0)
        while let bytes = first(text) {
            text = text.dropFirst(bytes)
            count += 1
        }
        return count
    }

    /// The bytes of the blank that a text begins with; nil when it begins with none.
    private static func first(_ text: ProfileParser.Bytes) -> Int? {
        (1...3).first { isBlank(text.prefix($0)) && text.count >= $0 }
    }

    private static func last(_ text: ProfileParser.Bytes) -> Int? {
        (1...3).first { isBlank(text.suffix($0)) && text.count >= $0 }
    }

    private static func isBlank(_ bytes: ProfileParser.Bytes) -> Bool {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        guard case .valid(let encoded) = parser.parseScalar(from: &iterator), encoded.count == bytes.count else { return false }
        let scalar = Unicode.UTF8.decode(encoded)
        return scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }
}
