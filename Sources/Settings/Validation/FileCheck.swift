import Codecs
import Glibc

/// Checks the files that settings name: they must exist, have the right type, be readable, and not be writable by all users.
///
/// Being readable by others is no fault: Kubernetes and Compose mount secrets with mode 0444 or 0644 into containers that hold one user.
enum FileCheck {
    /// Tokens have at most 32 KiB; certificate bundles are larger, and this is above both.
    static let largestSecret = 65_536

    /// One problem per file that can't be used.
    static func problems(_ files: [FileRequirement]) -> [SettingsProblem] {
        let created = files.filter { $0.role == .directory }.map { PathText.withoutTrailingSlashes($0.path) }
        return files.compactMap { file in
            guard let fault = fault(of: file, created) else { return nil }
            return SettingsProblem(.unusableFile, file.site, "\(place(file.path)) \(fault.message)", hint: fault.hint)
        }
    }

    private struct Fault {
        let message: String
        var hint: String?
    }

    /// - Parameter created: the directories that the start creates.
    private static func fault(of file: FileRequirement, _ created: [String]) -> Fault? {
        switch file.role {
        case .secret: secretFault(file.path)
        case .publicMaterial, .authorities: trustFault(file.path)
        case .directory: directoryFault(file.path)
        case .socket: socketFault(file.path)
        case .madeOnStart: nil
        case .madeWithJournal: madeFault(file.path, created)
        }
    }

    private static func madeFault(_ path: String, _ created: [String]) -> Fault? {
        if status(path) != nil { return regularFileFault(path) }
        let parent = PathText.parent(of: path)
        guard created.contains(PathText.withoutTrailingSlashes(parent)) || access(parent, W_OK | X_OK) == 0 else {
            return Fault(message: "can't be made: its directory is missing or not writable", hint: "make the directory")
        }
        return nil
    }

    private static func secretFault(_ path: String) -> Fault? {
        if let fault = regularFileFault(path) { return fault }
        guard let status = status(path) else { return nil }
        if status.st_size == 0 { return Fault(message: "is empty", hint: "write the secret into it") }
        if status.st_size > largestSecret { return Fault(message: "is larger than \(ByteCount(largestSecret)), so it can't be a secret") }
        return openFault(status, hint: "chmod o-w, better 0400")
    }

    /// For key sets, authorities and certificates: they are no secrets, but a user who can write them decides who is trusted.
    private static func trustFault(_ path: String) -> Fault? {
        if let fault = regularFileFault(path) { return fault }
        return status(path).flatMap { openFault($0, hint: "chmod o-w") }
    }

    private static func openFault(_ status: stat, hint: String) -> Fault? {
        status.st_mode & S_IWOTH == 0 ? nil : Fault(message: "can be changed by every user of this machine", hint: hint)
    }

    private static func regularFileFault(_ path: String) -> Fault? {
        guard let status = status(path) else { return unreachable() }
        guard status.st_mode & S_IFMT == S_IFREG else { return Fault(message: "is not a regular file") }
        guard access(path, R_OK) == 0 else { return Fault(message: "can't be read by this user", hint: "check owner and permissions") }
        return nil
    }

    private static func directoryFault(_ path: String) -> Fault? {
        guard let status = status(path) else {
            // The journal creates its directory, one level.
            let parent = PathText.parent(of: PathText.withoutTrailingSlashes(path))
            return access(parent, W_OK | X_OK) == 0 ? nil : Fault(message: "is not there and can't be made", hint: "make it, mode 0700")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return Fault(message: "is not a directory") }
        return access(path, W_OK | X_OK) == 0 ? nil : Fault(message: "can't be written by this user", hint: "check owner and permissions")
    }

    private static func socketFault(_ path: String) -> Fault? {
        if let status = status(path), status.st_mode & S_IFMT != S_IFSOCK { return Fault(message: "is there and is not a socket") }
        guard access(PathText.parent(of: path), W_OK | X_OK) == 0 else {
            return Fault(message: "can't be made: its directory is missing or not writable", hint: "make the directory")
        }
        return nil
    }

    private static func unreachable() -> Fault {
        Fault(message: errno == ENOENT ? "is not there" : "can't be looked at: \(String(cString: strerror(errno)))", hint: "check the path")
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    /// File name extensions that no secret ends with.
    private static let endings: Set<String> = [
        "pem", "crt", "cer", "key", "pub", "txt", "json", "jsonl", "yaml", "yml", "conf", "token", "secret", "sock", "jwks",
    ]
    /// A longer word without an extension could be a passphrase.
    private static let longestWord = 24
    private static let longestName = 64

    /// The file by its name, unless the last part could be a secret that was written instead of a file name: then only the directory.
    private static func place(_ path: String) -> String {
        let name = path.utf8.suffix(while: { $0 != UInt8(ascii: "/") })
        let ending = name.lastIndex(of: UInt8(ascii: ".")).map { String(decoding: name[name.index(after: $0)...], as: UTF8.self) } ?? ""
        let isWord = name.count <= longestWord && name.allSatisfy { isLowerCase($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        let isFileName = endings.contains(ending) && name.count <= longestName && name.allSatisfy { NameGrammar.isNameByte($0) }
        return isWord || isFileName ? "the file \(path)" : "the file named here, in \(PathText.parent(of: path)),"
    }

    private static func isLowerCase(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}

extension BidirectionalCollection {
    /// The elements after the last one that doesn't match.
    fileprivate func suffix(while fits: (Element) -> Bool) -> SubSequence {
        var start = endIndex
        while start > startIndex, fits(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}

extension GatewaySettings {
    /// Faults of the files that these settings name. Accesses the file system; the files may change at any time afterwards.
    package func checkFiles() -> [SettingsProblem] {
        SettingsProblems(FileCheck.problems(files)).problems
    }
}
