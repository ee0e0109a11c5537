import Audit
import Glibc

/// Up to which record this journal has been reported to the fleet's database, in `fleet/<schema>` of its directory. The database keeps a number as
/// well, but under the gateway's name: a journal that begins anew has the name of the one before. Losing the file costs a repeated report.
struct ToldPosition {
    private let directory: String
    private let name: String

    init(journal: String, schema: String) {
        directory = "\(journal)/fleet"
        name = schema
    }

    /// Nil when this journal was never reported.
    func read() -> SequenceNumber? {
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

    /// Replaces the file as a whole; a failure costs a repetition.
    func write(_ position: SequenceNumber) {
        mkdir(directory, 0o700)
        let temporary = "\(directory)/.\(name).new"
        let descriptor = RegularFile.open(temporary, O_WRONLY | O_CREAT | O_TRUNC)
        guard descriptor >= 0 else { return }
        let text = Array("\(position.value)\n".utf8)
        let isWritten = Glibc.write(descriptor, text, text.count) == text.count && fdatasync(descriptor) == 0
        close(descriptor)
        if isWritten { rename(temporary, "\(directory)/\(name)") }
    }
}
