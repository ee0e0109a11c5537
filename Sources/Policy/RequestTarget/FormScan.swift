/// The proof that a body is form data (RFC 7578) with only one interpretation, and that no field of it names a tenant or a credential.
///
/// 1. Delimiters occur only where they may, with CRLF on both sides; there is nothing before the first and after the last.
/// 2. Each part has one `Content-Disposition: form-data` with one plain `name`: no encoded words (RFC 2047), no `name*` (RFC 8187), no escapes.
/// 3. No part is encoded or contains further parts.
package struct FormScan: Sendable {
    /// Why form data is refused.
    package enum Fault: Error, Equatable, Sendable {
        /// `Content-Type` names no boundary, or more than one.
        case boundary
        /// The body can be split into parts in more than one way.
        case structure
        /// A part's name is missing, occurs twice, or is not written plainly.
        case name
        /// A part is encoded.
        case encoding
        /// A part may be interpreted as `enterprise_project_id`.
        case enterpriseProject

        /// What is wrong, in one sentence for the caller.
        package var sentence: String {
            switch self {
            case .boundary: "The Content-Type of the form names no boundary, or more than one."
            case .structure: "The form's parts can't be told apart in one way only."
            case .name: "A part of the form has no name that is written plainly."
            case .encoding: "A part of the form is encoded."
            case .enterpriseProject: "enterprise_project_id stands in a form, or a name that can be mistaken for it."
            }
        }
    }

    /// Names of the fields, in their order.
    package private(set) var names: [String] = []

    /// The documented form has one part.
    private static let mostParts = 64
    /// Longest head of a part, bytes.
    private static let longestHead = 4_096

    /// - Parameter contentType: the request's `Content-Type`, which says what delimits the parts.
    package init(form: UnsafeRawBufferPointer, contentType: String) throws(Fault) {
        guard let boundary = FormScan.boundary(of: contentType) else { throw .boundary }
        let delimiter = Array("--\(boundary)".utf8)
        var position = 0
        guard FormScan.matches(form, delimiter, at: 0) else { throw .structure }
        position = delimiter.count
        while true {
            if FormScan.matches(form, Array("--".utf8), at: position) {
                let rest = form[(position + 2)...]
                guard rest.isEmpty || rest.elementsEqual("\r\n".utf8), !names.isEmpty else { throw .structure }
                return
            }
            guard FormScan.matches(form, [0x0D, 0x0A], at: position), names.count < FormScan.mostParts else { throw .structure }
            let start = position + 2
            guard let next = FormScan.find(delimiter, in: form, from: start), next >= start + 2, form[next - 2] == 0x0D, form[next - 1] == 0x0A else {
                throw .structure
            }
            try take(UnsafeRawBufferPointer(rebasing: form[start..<(next - 2)]))
            position = next + delimiter.count
        }
    }

    /// One part: its head, an empty line, its content.
    private mutating func take(_ part: UnsafeRawBufferPointer) throws(Fault) {
        guard let end = FormScan.find(Array("\r\n\r\n".utf8), in: part, from: 0), end <= FormScan.longestHead else { throw .structure }
        var name: String?
        for line in String(decoding: part[..<end], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false) {
            // Refuses folded lines, and line ends of one character, which other parsers accept.
            guard let colon = line.firstIndex(of: ":"), let first = line.utf8.first, first != 0x20, first != 0x09,
                line.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { throw .structure }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            switch line[..<colon].lowercased() {
            case "content-disposition":
                guard name == nil else { throw .name }
                name = try FormScan.name(in: value)
            case "content-transfer-encoding":
                guard ["binary", "8bit", "7bit"].contains(value.lowercased()) else { throw .encoding }
            case "content-type": if value.lowercased().hasPrefix("multipart/") { throw .structure }
            default: break
            }
        }
        guard let name else { throw .name }
        if FoldedName(name.utf8).contains(EnterpriseProjectParameter.foldedName) { throw .enterpriseProject }
        names.append(name)
    }

    /// The name in `form-data; name="…"`.
    private static func name(in disposition: Substring) throws(Fault) -> String {
        var name: String?
        for (index, parameter) in try parameters(of: disposition).enumerated() {
            if index == 0 {
                guard parameter.name.lowercased() == "form-data", parameter.value == nil else { throw .name }
                continue
            }
            switch parameter.name.lowercased() {
            case "name":
                guard name == nil, let value = parameter.value, isPlain(value) else { throw .name }
                name = value
            case "filename", "filename*": break
            default: throw .name
            }
        }
        guard let name else { throw .name }
        return name
    }

    /// Letters, digits and the punctuation of documented names.
    private static func isPlain(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.utf8.allSatisfy { ByteSet.queryName.contains($0) }
    }

    /// `token *( ";" token "=" ( token / quoted-string ) )` (RFC 9110 section 5.6.6). A quoted string ends at its first quotation mark. Escapes are
    /// refused, because browsers and servers interpret them differently.
    private static func parameters(of text: Substring) throws(Fault) -> [(name: String, value: String?)] {
        var parameters: [(name: String, value: String?)] = []
        var rest = text
        while true {
            rest = rest.drop { $0 == " " }
            let name = rest.prefix { $0 != "=" && $0 != ";" && $0 != " " }
            guard !name.isEmpty else { throw .name }
            rest = rest.dropFirst(name.count)
            var value: String?
            if rest.first == "=" {
                rest = rest.dropFirst()
                if rest.first == "\"" {
                    rest = rest.dropFirst()
                    guard let end = rest.firstIndex(of: "\"") else { throw .name }
                    value = String(rest[..<end])
                    guard value?.contains("\\") == false else { throw .name }
                    rest = rest[rest.index(after: end)...]
                } else {
                    let token = rest.prefix { $0 != ";" && $0 != " " && $0 != "\"" }
                    value = String(token)
                    rest = rest.dropFirst(token.count)
                }
            }
            parameters.append((String(name), value))
            rest = rest.drop { $0 == " " }
            if rest.isEmpty { return parameters }
            guard rest.first == ";" else { throw .name }
            rest = rest.dropFirst()
        }
    }

    /// The one boundary of a media type (RFC 2046 section 5.1.1).
    private static func boundary(of contentType: String) -> String? {
        guard let parameters = try? parameters(of: contentType[...]), parameters.first?.name.lowercased() == "multipart/form-data" else { return nil }
        let boundaries = parameters.filter { $0.name.lowercased().hasPrefix("boundary") }
        guard boundaries.count == 1, boundaries[0].name.lowercased() == "boundary", let text = boundaries[0].value,
            (1...70).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        return text
    }

    private static func matches(_ form: UnsafeRawBufferPointer, _ text: [UInt8], at position: Int) -> Bool {
        position + text.count <= form.count && form[position..<(position + text.count)].elementsEqual(text)
    }

    /// The first occurrence of a text from a position on. Uses the Knuth-Morris-Pratt algorithm, so that each byte is read only once for any body.
    private static func find(_ text: [UInt8], in form: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var fallback = [Int](repeating: 0, count: text.count)
        var length = 0
        for index in text.indices.dropFirst() {
            while length > 0, text[index] != text[length] { length = fallback[length - 1] }
            if text[index] == text[length] { length += 1 }
            fallback[index] = length
        }
        length = 0
        for index in start..<max(start, form.count) {
            while length > 0, form[index] != text[length] { length = fallback[length - 1] }
            if form[index] == text[length] { length += 1 }
            if length == text.count { return index + 1 - length }
        }
        return nil
    }
}
