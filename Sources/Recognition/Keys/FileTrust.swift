import Codecs
import Glibc

/// Checks that a file's content can be trusted: only this user and root can write it, replace it, or replace a directory or a symbolic link
/// on the way to it.
///
/// A directory with the sticky bit (`/tmp`) may be writable for all, because users can't replace files of others there. A volume that Kubernetes
/// assigns to the pod's own group (`fsGroup`: root's directory with the set-group-id bit) may be writable for that group.
package enum FileTrust {
    /// Bits of a mode (inode(7)): only a file's owner may replace it; new files belong to the directory's group.
    private static let sticky: mode_t = 0o1000
    private static let setGroup: mode_t = 0o2000

    /// What is wrong, and where.
    package struct Fault: Error, Sendable, Hashable {
        package let place: String
        package let sentence: String
    }

    /// - Parameters:
    ///   - path: a file, which need not exist yet.
    ///   - isSecret: whether its owner alone may read it.
    package static func check(_ path: String, isSecret: Bool) throws(Fault) {
        let way = FileWay(to: path)
        for directory in way.directories.sorted() { try checkDirectory(directory) }
        for link in way.links { try checkLink(link) }
        let target = way.target
        var status = stat()
        guard stat(target, &status) == 0 else { return }
        try checkOwner(status, target)
        let volume = PathText.parent(of: target)
        if status.st_mode & S_IWOTH != 0 || status.st_mode & S_IWGRP != 0 && !isVolumeOfGroup(status.st_gid, at: volume) {
            throw Fault(place: target, sentence: "can be changed by others; chmod go-w, better 0600")
        }
        // Secrets that are mounted into a container belong to root and are readable for its only user.
        if isSecret, status.st_mode & S_IROTH != 0, status.st_uid == geteuid() {
            throw Fault(place: target, sentence: "can be read by every user of this machine; chmod 0600")
        }
    }

    private static func checkDirectory(_ path: String) throws(Fault) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        try checkOwner(status, path)
        if status.st_mode & FileTrust.sticky != 0 { return }
        if status.st_mode & S_IWOTH != 0 || status.st_mode & S_IWGRP != 0 && !isVolumeOfGroup(status.st_gid, at: path) {
            throw Fault(place: path, sentence: "is a directory in which others can replace the keys; chmod go-w")
        }
    }

    /// In a directory with the sticky bit, the owner of a link can replace it by one that leads elsewhere.
    private static func checkLink(_ link: String) throws(Fault) {
        var status = stat()
        guard stat(PathText.parent(of: link), &status) == 0, status.st_mode & FileTrust.sticky != 0, lstat(link, &status) == 0 else { return }
        try checkOwner(status, link)
    }

    private static func checkOwner(_ status: stat, _ path: String) throws(Fault) {
        guard status.st_uid != 0, status.st_uid != geteuid() else { return }
        let way = "run this as that user, or chown it to this one or to root"
        throw Fault(place: path, sentence: "belongs to user \(status.st_uid), who could change the keys; \(way)")
    }

    /// Whether a directory is a volume that was assigned to a group of this process.
    private static func isVolumeOfGroup(_ group: gid_t, at directory: String) -> Bool {
        var status = stat()
        guard geteuid() != 0, stat(directory, &status) == 0, status.st_mode & FileTrust.setGroup != 0, status.st_gid == group else { return false }
        return group == getegid() || groups.contains(group)
    }

    private static var groups: [gid_t] {
        var list = [gid_t](repeating: 0, count: max(0, Int(getgroups(0, nil))))
        let count = getgroups(Int32(list.count), &list)
        return Array(list.prefix(max(0, Int(count))))
    }
}
