import Recognition

/// Records changes of caller keys in the journal. The commands that make them can't write to it, and the gateway may not be running
/// then: so the last recorded list is stored next to the journal, and compared at each change and at each start.
///
/// After a crash between record and list an event may be there twice, but none is missing.
struct CallerKeyLedger {
    private let file: CallerKeyFile
    private var recorded: CallerKeyList

    init(directory: String) {
        // It is in the journal's directory, and so as well protected as the journal.
        file = CallerKeyFile(path: "\(directory)/caller-keys.recorded", isJudged: false)
        recorded = (try? file.read()) ?? CallerKeyList()
    }

    /// Returns the changes that are not recorded yet, and marks them as recorded.
    mutating func changes(to list: CallerKeyList) -> [CallerKeyList.Change] {
        defer { recorded = list }
        return CallerKeyList.Change.changes(from: recorded, to: list)
    }

    /// Stores the list for the next start.
    func keep() {
        try? FileBytes.replace(file.path, with: Array(recorded.text.utf8))
    }
}
