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
        guard let type = MediaType(contentType), type.name == "multipart/form-data", let boundary = type.boundary else { throw .boundary }
        let delimiter = Array("--".utf8) + boundary
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
        for line in FormScan.lines(of: part[..<end]) {
            // A name of other bytes than a token's - a blank before the colon, letters beyond ASCII - is read as two different ones by two parsers.
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex, line[..<colon].allSatisfy(ByteSet.token.contains),
                line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { throw .structure }
            let value = line[(colon + 1)...].drop { $0 == 0x20 }
            switch FormScan.lowercased(line[..<colon]) {
            case "content-disposition":
                guard name == nil else { throw .name }
                name = try FormScan.name(in: value)
            case "content-transfer-encoding":
                guard ["binary", "8bit", "7bit"].contains(FormScan.lowercased(value)) else { throw .encoding }
            case "content-type": if FormScan.lowercased(value).utf8.starts(with: "multipart/".utf8) { throw .structure }
            default: break
            }
        }
        guard let name else { throw .name }
        if FoldedName(name.utf8).contains(EnterpriseProjectParameter.foldedName) { throw .enterpriseProject }
        names.append(name)
    }

    /// The lines of a part's head. Line ends of one character, which other parsers accept, stay in the lines, where they are refused; so do the
    /// blanks that fold a line.
    private static func lines(of head: Slice<UnsafeRawBufferPointer>) -> [ArraySlice<UInt8>] {
        let bytes = Array(head)
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for index in bytes.indices.dropLast() where bytes[index] == 0x0D && bytes[index + 1] == 0x0A {
            lines.append(bytes[start..<index])
            start = index + 2
        }
        return lines + [bytes[start...]]
    }

    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self).lowercased() }

    /// The name in `form-data; name="…"`.
    private static func name(in disposition: ArraySlice<UInt8>) throws(Fault) -> String {
        var name: String?
        guard let parameters = FieldParameters.reading(disposition) else { throw .name }
        for (index, parameter) in parameters.enumerated() {
            if index == 0 {
                guard parameter.name == "form-data", parameter.value == nil else { throw .name }
                continue
            }
            switch parameter.name {
            case "name":
                guard name == nil, let value = parameter.value, isPlain(value) else { throw .name }
                name = String(decoding: value, as: UTF8.self)
            case "filename", "filename*": break
            default: throw .name
            }
        }
        guard let name else { throw .name }
        return name
    }

    /// Letters, digits and the punctuation of documented names.
    private static func isPlain(_ name: ArraySlice<UInt8>) -> Bool {
        (1...64).contains(name.count) && name.allSatisfy { ByteSet.queryName.contains($0) }
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
