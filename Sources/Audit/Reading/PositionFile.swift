import Files
import Glibc

/// How far somebody has come who does something with each record of the journal, in a file of its directory. Losing it causes repetitions, but no
/// loss of records.
package struct PositionFile: Sendable {
    private let directory: String
    private let name: String

    /// - Parameters:
    ///   - journal: the journal's directory.
    ///   - group: the folder in it for all who do the same; made with the first position.
    ///   - name: the file's name, which tells them apart.
    package init(journal: String, group: String, name: String) {
        directory = "\(journal)/\(group)"
        self.name = name
    }

    /// The position; nil if there is none, or a damaged one.
    package func read() -> SequenceNumber? {
        let descriptor = RegularFile.open("\(directory)/\(name)", O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 1, bytes[count - 1] == UInt8(ascii: "\n"), let number = UInt64(String(decoding: bytes[..<(count - 1)], as: UTF8.self)),
            number <= SequenceNumber.maximum.value
        else { return nil }
        return SequenceNumber(number)
    }

    /// Replaces the file as a whole. A failure is ignored: it costs repetitions, until the next write.
    package func write(_ position: SequenceNumber) {
        mkdir(directory, 0o700)
        try? replace("\(position.value)\n")
    }

    private func replace(_ text: String) throws(ErrorCode) {
        let draft = try FileDraft(of: "\(directory)/\(name)")
        try draft.write(text)
        try draft.takePlace(.content)
    }
}
