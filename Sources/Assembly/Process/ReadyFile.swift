import Glibc

/// A file of `key=value` lines that exists, complete, exactly while everything is open: scripts read from it the ports that `:0` was given.
package struct ReadyFile: Sendable {
    package let path: String

    /// Deletes a file that an earlier run left, before anything else: it would claim that this run is ready.
    package init(at path: String) throws(Failure) {
        self.path = path
        guard NamedOutput.isDevice(path) || unlink(path) == 0 || errno == ENOENT else { throw fault() }
    }

    /// Writes one line for each pair, or throws; a value must not contain a line end.
    package func write(_ values: [(String, String)]) throws(Failure) {
        let text = values.map { "\($0.0)=\($0.1)\n" }.joined()
        if NamedOutput.isDevice(path) {
            guard TextFile.write(text, to: path) else { throw fault() }
            return
        }
        // Written under another name and renamed, so that no reader sees half of it.
        let temporary = "\(path).new"
        // An existing file is removed: opening a pipe of this name would block.
        unlink(temporary)
        guard let file = fopen(temporary, "wx") else { throw fault() }
        let isWritten = fputs(text, file) >= 0
        guard fclose(file) == 0, isWritten, rename(temporary, path) == 0 else { throw fault() }
    }

    /// Deletes the file: nothing is open any more.
    package func remove() {
        if !NamedOutput.isDevice(path) { unlink(path) }
    }

    private func fault() -> Failure {
        Failure(.runtime, "The ready file \(path) can't be written: \(SystemError.text(errno)).")
    }
}
