import Files
import Glibc

/// A file of `key=value` lines that exists, complete, exactly while everything is open: scripts read from it the ports that `:0` was given.
package struct ReadyFile: Sendable {
    package let path: String

    /// Deletes a file that an earlier run left, before anything else: it would claim that this run is ready.
    package init(at path: String) throws(Failure) {
        self.path = path
        guard NamedOutput.isDevice(path) || unlink(path) == 0 || errno == ENOENT else { throw fault(ErrorCode(errno)) }
    }

    /// Writes one line for each pair, or throws; a value must not contain a line end.
    package func write(_ values: [(String, String)]) throws(Failure) {
        let text = values.map { "\($0.0)=\($0.1)\n" }.joined()
        do throws(ErrorCode) {
            guard !NamedOutput.isDevice(path) else { return try TextFile.write(text, to: path) }
            let draft = try FileDraft(of: path, mode: 0o644)
            try draft.write(text)
            try draft.takePlace(.nothing)
        } catch {
            throw fault(error)
        }
    }

    /// Deletes the file: nothing is open any more.
    package func remove() {
        if !NamedOutput.isDevice(path) { unlink(path) }
    }

    private func fault(_ error: ErrorCode) -> Failure {
        Failure(.runtime, "The ready file \(path) can't be written: \(error.text).")
    }
}
