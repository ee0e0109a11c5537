import Recognition

/// Which changes of caller keys the journal knows. The commands that make them can't write there, and the gateway may not be running
/// then: so the list that was recorded last is kept beside the journal, and compared at each change and at each start.
///
/// After a crash between record and list an event may stand there twice, but none is missing.
struct CallerKeyLedger {
    private let file: CallerKeyFile
    private var recorded: CallerKeyList

    init(directory: String) {
        // It stands in the journal's directory, which is as safe as the journal.
        file = CallerKeyFile(path: "\(directory)/caller-keys.recorded", isJudged: false)
        recorded = (try? file.read()) ?? CallerKeyList()
    }

    /// What nobody has recorded yet; from now on it counts as recorded.
    mutating func changes(to list: CallerKeyList) -> [CallerKeyChange] {
        defer { recorded = list }
        return CallerKeyChange.changes(from: recorded, to: list)
    }

    /// Keeps the list for the next start.
    func keep() {
        _ = FileBytes.replace(file.path, with: Array(recorded.text.utf8))
    }
}
