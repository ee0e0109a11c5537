/// A directory that may hold a journal.
package enum JournalPlace {
    /// Whether there is one, or what is left of one: a segment, the file that stands for removed ones, or a checkpoint.
    package static func holdsJournal(_ path: String) -> Bool {
        if let names = try? DirectoryListing.segments(under: path), !names.isEmpty { return true }
        if case .prefix = RemovedPrefix.load(path) { return true }
        let store = CheckpointStore(directory: path)
        return store.newest() != nil || !store.sizes().isEmpty
    }
}
