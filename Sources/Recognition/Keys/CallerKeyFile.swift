import Files
import Glibc

/// The key file on disk. Commands write it, the gateway only reads it.
///
/// A change is made under a lock: a new file is written, synced and renamed, so that a reader sees the old or the new list, and concurrent commands
/// lose no change.
package struct CallerKeyFile: Sendable {
    package let path: String
    /// Several times the size of a file with the maximum number of keys.
    private static let largestFile = 8 << 20

    private let isJudged: Bool

    /// - Parameter isJudged: whether owner and permissions are checked before the file is used.
    package init(path: String, isJudged: Bool = true) {
        self.path = path
        self.isJudged = isJudged
    }

    /// Why the file can't be used, with its position: `path` or `path:line`.
    package struct Fault: Error, Sendable, Hashable {
        package let place: String
        package let sentence: String

        package init(place: String, sentence: String) {
            self.place = place
            self.sentence = sentence
        }

        static func unlessTrusted(_ path: String, isSecret: Bool) throws(Fault) {
            do throws(FileTrust.Fault) {
                try FileTrust.check(path, isSecret: isSecret)
            } catch {
                throw Fault(place: error.place, sentence: error.sentence)
            }
        }
    }

    /// The keys in the file; none if there is no file.
    package func read() throws(Fault) -> CallerKeyList {
        // If other users could add a line, they could add a key of their own.
        if isJudged { try Fault.unlessTrusted(path, isSecret: false) }
        let bytes: [UInt8]
        do throws(FileBytes.Fault) {
            bytes = try FileBytes.read(path, limit: CallerKeyFile.largestFile)
        } catch {
            if error == .missing { return CallerKeyList() }
            throw Fault(place: path, sentence: error.sentence)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Fault(place: path, sentence: "is not text in UTF-8") }
        do throws(CallerKeyList.Fault) {
            return try CallerKeyList(text)
        } catch {
            throw Fault(place: "\(path):\(error.line)", sentence: error.sentence)
        }
    }

    /// Reads, changes and writes the list under the lock.
    package func update(_ change: (inout CallerKeyList) throws(Fault) -> Void) throws(Fault) {
        // Before anything is made: what root leaves in the directory of a gateway's user is nothing that the gateway can read.
        if isJudged { try Fault.unlessTrusted(path, isSecret: false) }
        if let error = FileBytes.makeDirectory(of: path) { throw Fault(place: path, sentence: "can't be made: \(error.text)") }
        let lock = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw Fault(place: path, sentence: "can't be locked: \(ErrorCode(errno).text)") }
        defer { close(lock) }
        var list = try read()
        try change(&list)
        do throws(ErrorCode) {
            try FileBytes.replace(path, with: Array(list.text.utf8))
        } catch {
            throw Fault(place: path, sentence: "can't be written: \(error.text)")
        }
    }
}
