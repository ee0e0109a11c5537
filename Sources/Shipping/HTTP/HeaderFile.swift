package import Transport

/// Header fields in a file, one `Name: value` a line; empty lines and those that begin with `#` are ignored.
package enum HeaderFile {
    package static func read(_ path: String) throws(SinkFailure) -> [HeaderField] {
        var fields: [HeaderField] = []
        for line in try SecretText.read(path).split(whereSeparator: \.isNewline) where line.first != "#" {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { throw SinkFailure("a line of \(path) is no `Name: value`") }
            fields.append(HeaderField(String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " })))
        }
        return fields
    }
}
