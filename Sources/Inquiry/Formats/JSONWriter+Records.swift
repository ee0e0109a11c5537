package import Codecs

extension JSONWriter {
    /// Records in a list, each as it stands in the journal.
    package mutating func records(_ records: some Sequence<JournalRecord>) {
        list("records", records) { json, record in json.raw(record.line) }
    }
}
