import Glibc

/// A file of `key=value` lines that appears, whole, once everything is open: how scripts learn the ports that `:0` gave them.
enum ReadyFile {
    static func write(_ values: [(String, String)], to path: String) throws(Failure) {
        let text = values.map { "\($0.0)=\($0.1)\n" }.joined()
        // Written beside and renamed, so that nobody reads half of it.
        let temporary = "\(path).new"
        guard let file = fopen(temporary, "w") else { throw fault(path) }
        let isWritten = fputs(text, file) >= 0
        guard fclose(file) == 0, isWritten, rename(temporary, path) == 0 else { throw fault(path) }
    }

    private static func fault(_ path: String) -> Failure {
        Failure(.runtime, "The ready file \(path) can't be written: \(String(cString: strerror(errno))).")
    }
}
