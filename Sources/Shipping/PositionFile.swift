internal import Audit
import Glibc

/// Stores which record a sink needs next, in `shipping/<sink>` of the journal's directory. Losing it causes repetitions, but no loss of
/// records.
struct PositionFile: Sendable {
    private let directory: String
    private let name: String

    init(directory: String, sink: String) {
        self.directory = "\(directory)/shipping"
        name = sink
    }

    /// The position, or 0 if there is none.
    func read() -> SequenceNumber {
        let descriptor = RegularFile.open("\(directory)/\(name)", O_RDONLY)
        guard descriptor >= 0 else { return SequenceNumber(0) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 1, bytes[count - 1] == UInt8(ascii: "\n"), let number = UInt64(String(decoding: bytes[..<(count - 1)], as: UTF8.self)),
            number <= SequenceNumber.maximum.value
        else { return SequenceNumber(0) }
        return SequenceNumber(number)
    }

    /// Replaces the file as a whole. A failure is ignored: the next write, or the sink itself at the next start, corrects it.
    func write(_ position: SequenceNumber) {
        mkdir(directory, 0o700)
        let temporary = "\(directory)/.\(name).new"
        let descriptor = RegularFile.open(temporary, O_WRONLY | O_CREAT | O_TRUNC)
        guard descriptor >= 0 else { return }
        var text = Array("\(position.value)\n".utf8)
        let isWritten = Glibc.write(descriptor, &text, text.count) == text.count && fdatasync(descriptor) == 0
        close(descriptor)
        if isWritten { rename(temporary, "\(directory)/\(name)") }
    }
}
