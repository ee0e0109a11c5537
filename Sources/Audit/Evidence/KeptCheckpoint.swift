internal import Glibc

/// A checkpoint that is stored next to the journal, and when it was written.
package struct KeptCheckpoint: Sendable, Hashable {
    package let head: TreeHead
    /// When its file was written.
    package let time: Timestamp

    /// The newest, newest first. Signatures are not checked.
    /// - Parameters:
    ///   - most: how many at most.
    ///   - since: older ones are left out.
    package static func newest(_ most: Int, since: Timestamp, in directory: String) -> [KeptCheckpoint] {
        let store = CheckpointStore(directory: directory)
        var kept: [KeptCheckpoint] = []
        for size in store.sizes().reversed() {
            var status = stat()
            guard kept.count < most else { break }
            guard stat(store.path(size), &status) == 0, let checkpoint = store.checkpoint(size) else { continue }
            let changed = Timestamp(fileSeconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
            let time = changed ?? Timestamp(microseconds: 0)
            // Files are written in the order of their sizes.
            guard time >= since else { break }
            kept.append(KeptCheckpoint(head: checkpoint.head, time: time))
        }
        return kept
    }
}
