import Files
internal import Glibc

/// The content of a backup: the file `SHA256SUMS` of its directory, in the form that `sha256sum -c` checks.
struct BackupManifest {
    static let fileName = "SHA256SUMS"
    /// A year of segments and checkpoints is some megabytes.
    private static let lengthLimit = 256 << 20

    /// The digests by the files' paths below the directory.
    var digests: [String: SHA256Hash] = [:]

    init() {}

    /// Reads the file; nil if there is none or it can't be parsed.
    init?(_ directory: String) {
        guard case .success(let text) = SmallFile.read("\(directory)/\(Self.fileName)", limit: Self.lengthLimit) else { return nil }
        for line in text.split(separator: "\n") {
            guard line.count > 66, let digest = SHA256Hash(hexadecimal: line.prefix(64)), line.dropFirst(64).hasPrefix("  ") else { return nil }
            let path = String(line.dropFirst(66))
            // Refuses paths outside the directory.
            guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else { return nil }
            digests[path] = digest
        }
    }

    /// Replaces the file.
    func store(_ directory: String) -> ErrorCode? {
        let text = digests.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }.joined()
        return SmallFile.replace("\(directory)/\(Self.fileName)", text, isDurable: true)
    }

    /// The suffix of a file that is complete and takes the place of the one without it together with the others, once `SHA256SUMS` names them.
    static let nextSuffix = ".next"

    /// Finishes or removes what a backup left that was interrupted: its files have their names, or none of them has, as `SHA256SUMS` says.
    func settle(_ directory: String) {
        let folders = [
            "", JournalBackup.keysName, JournalBackup.journalName, "\(JournalBackup.journalName)/\(CheckpointStore.directoryName)",
        ]
        for folder in folders {
            let prefix = folder.isEmpty ? "" : folder + "/"
            let place = open("\(directory)/\(folder)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard place >= 0 else { continue }
            let names = DirectoryListing.names(in: place) { $0 } ?? []
            close(place)
            for name in names {
                let path = "\(directory)/\(prefix)\(name)"
                if name.hasSuffix(Self.nextSuffix) {
                    let final = prefix + name.dropLast(Self.nextSuffix.count)
                    if let digest = digests[final], case .success(digest) = FileCopy.digest(path) {
                        rename(path, "\(directory)/\(final)")
                    } else {
                        unlink(path)
                    }
                } else if folder == JournalBackup.journalName, digests[prefix + name] == nil, let segment = SegmentName(name),
                    !segment.isCompressed, digests[prefix + segment.compressed.text] != nil
                {
                    unlink(path)
                }
            }
        }
    }

    /// The first file that is missing or was changed.
    func damage(_ directory: String) -> String? {
        digests.sorted { $0.key < $1.key }.first { path, digest in
            guard case .success(let found) = FileCopy.digest("\(directory)/\(path)") else { return true }
            return found != digest
        }?.key
    }
}
