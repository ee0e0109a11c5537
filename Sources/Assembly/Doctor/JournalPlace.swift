import CLinux
import Codecs
import Glibc

/// Whether a journal's missing directory could be created: checked without creating it.
struct JournalPlace {
    /// What is wrong, and what to do.
    struct Fault {
        let message: String
        let advice: String
    }

    private let path: String
    /// Where it would be created.
    let parent: String

    init(_ directory: String) {
        path = PathText.withoutTrailingSlashes(directory)
        parent = PathText.parent(of: path)
    }

    /// - Parameter code: why its status can't be read.
    func fault(_ code: Int32) -> Fault? {
        switch code {
        case ENOENT: break
        case ENOTDIR:
            return Fault(
                message: "It can't be made: \(firstFile ?? parent) is a file, and no directory.", advice: "Name another place in audit.directory.")
        case EACCES, EPERM:
            return Fault(message: "It can't be looked at: \(SystemError.text(code)).", advice: "Check the permissions on the way there.")
        default:
            return Fault(message: "It can't be looked at: \(SystemError.text(code)).", advice: "Name another place in audit.directory.")
        }
        var status = stat()
        guard lstat(path, &status) != 0 else {
            return Fault(
                message: "It is a symbolic link to something that is not there.",
                advice: "Make the directory that it leads to, with mode 0700 and for the gateway's user, or remove the link.")
        }
        guard stat(parent, &status) == 0 else {
            return Fault(
                message: "It is not there, and neither is \(parent): the first start makes no more than the last directory.",
                advice: "Make \(parent), or name another place in audit.directory.")
        }
        // Checked before the permissions, which don't apply to root: nothing can be created in the kernel's own
        // file systems.
        if let fault = Self.faultOfFileSystem(at: parent, says: "It is not there, and can't be made in \(parent), which lies in") { return fault }
        guard access(parent, W_OK | X_OK) == 0 else {
            return Fault(
                message: "It is not there, and can't be made in \(parent): \(SystemError.text(errno)).",
                advice: "Make it with mode 0700 and give it to the gateway's user.")
        }
        return nil
    }

    /// The first component of the path that is not a directory.
    private var firstFile: String? {
        var prefix = ""
        for part in path.split(separator: "/").dropLast() {
            prefix += path.hasPrefix("/") || !prefix.isEmpty ? "/\(part)" : "\(part)"
            var status = stat()
            if stat(prefix, &status) == 0, status.st_mode & S_IFMT != S_IFDIR { return prefix }
        }
        return nil
    }

    /// Why a mounted file system can't contain a journal: it is read-only, or it is neither on a disk nor in
    /// memory.
    static func faultOfFileSystem(at place: String, says beginning: String) -> Fault? {
        if let name = kernels[Int(clinux_file_system(place))] {
            return Fault(
                message: "\(beginning) \(name), where the kernel shows what it knows and nobody keeps a file.",
                advice: "Name a directory on a disk in audit.directory.")
        }
        var status = statvfs()
        guard statvfs(place, &status) == 0, status.f_flag & readOnly != 0 else { return nil }
        return Fault(
            message: "\(beginning) a file system that is mounted to be read only.",
            advice: "Mount it to be written, or name another place in audit.directory.")
    }

    /// `ST_RDONLY` of statvfs(3).
    private static let readOnly: UInt = 1

    /// File systems of the kernel itself, in which not even root can create a directory, by their magic numbers (statfs(2),
    /// <linux/magic.h>).
    private static let kernels: [Int: String] = [
        0x9FA0: "proc", 0x6265_6572: "sysfs", 0x27_E0EB: "cgroup", 0x6367_7270: "cgroup2", 0x6462_6720: "debugfs", 0x7472_6163: "tracefs",
        0x7363_6673: "securityfs", 0x1CD1: "devpts", 0x1980_0202: "mqueue", 0x6165_676C: "pstore", 0xDE5E_81E4: "efivarfs",
        0xF97C_FF8C: "selinuxfs", 0xCAFE_4A11: "bpf", 0x6E73_6673: "nsfs", 0x4249_4E4D: "binfmt_misc", 0x6573_5543: "fusectl",
    ]
}
